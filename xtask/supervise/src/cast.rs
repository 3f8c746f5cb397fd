//! Who took part in a run, and who wrote which line: what the preloaded library
//! has told, put together.
//!
//! Nothing is claimed that was not seen. A life begins with its first sign, or
//! when the call that has made it returns, whichever comes first; and ends with
//! the end that it tells itself. What was killed tells none: its life
//! ends with the last sign of it (what it wrote, what it began, or that it was
//! seen to live when another process was about to kill it), for how long it lived
//! on is not known. So of two lives that overlap here, both were there at one
//! time; and a peak is one that was seen, never more.
//!
//! A line belongs to who wrote its bytes. One that was written by two, or of
//! which a part was written in a way that is not seen, belongs to nobody.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use expect::{Cast, Life, Spoken};
use nix::unistd::Pid;
use preload::ring::{
    COUNTER, DATA, Event, HASH, HASHED, Kind, PENDING, SLOT, SLOTS, hash,
};

/// How many writes are looked through for the one that goes on with the output.
const WINDOW: usize = 4096;

/// What the library has told in a run.
#[derive(Debug, Default)]
pub(crate) struct Told {
    events: Vec<Event>,
}

/// Who took part, and who wrote each line.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) cast: Cast,
    /// For each line of standard output in its order; those after the last are
    /// nobody's.
    pub(crate) spoken: Vec<Option<Spoken>>,
}

impl Told {
    /// Reads the ring.
    ///
    /// # Errors
    /// Why it does not tell all.
    pub(crate) fn read(ring: &File) -> Result<Told, String> {
        let fail = |e: io::Error| format!("what was told is lost: {e}");
        let mut number = [0; 8];
        ring.read_exact_at(&mut number, COUNTER as u64).map_err(fail)?;
        let count = usize::try_from(u64::from_le_bytes(number));
        let count = count.ok().filter(|count| *count <= SLOTS);
        let count = count.ok_or_else(|| {
            format!("more than {SLOTS} starts, ends and writes")
        })?;
        let mut bytes = vec![0; count * SLOT];
        ring.read_exact_at(&mut bytes, SLOT as u64).map_err(fail)?;
        let (slots, _) = bytes.as_chunks::<SLOT>();
        let events = (0..).zip(slots);
        let events = events.filter_map(|(nth, slot)| Event::read(nth, slot));
        Ok(Told { events: events.collect() })
    }

    /// Whether the process told its end when the program's first process had
    /// told its own, if that has.
    pub(crate) fn ended_after(&self, process: Pid, main: Pid) -> bool {
        let end_of = |pid: Pid| {
            let of_it = |event: &&Event| {
                event.kind == Kind::Exited && event.pid == number(pid)
            };
            self.events.iter().rfind(of_it).map(|event| event.moment)
        };
        end_of(process).is_some_and(|end| Some(end) > end_of(main))
    }

    /// Whether the program of the process was given on its command line, and
    /// has one of these names in the beginning of its text.
    pub(crate) fn was_given(&self, process: Pid, names: &[&str]) -> bool {
        let loaded = self.events.iter().rfind(|event| {
            event.kind == Kind::Loaded && event.pid == number(process)
        });
        let text = loaded.map(|event| String::from_utf8_lossy(&event.data));
        text.is_some_and(|text| names.iter().any(|name| text.contains(name)))
    }

    /// What was made outside of the run's own folder.
    pub(crate) fn made(&self) -> BTreeSet<PathBuf> {
        let mut made = BTreeSet::new();
        let mut parts: HashMap<(u32, u32), Vec<u8>> = HashMap::new();
        for event in self.events.iter().filter(|e| e.kind == Kind::Made) {
            let path = parts.entry((event.pid, event.tid)).or_default();
            if event.of == 0 {
                path.clear();
            }
            path.extend_from_slice(&event.data);
            let length = usize::try_from(event.length).unwrap_or(usize::MAX);
            if path.len() >= length {
                path.truncate(length);
                made.insert(OsString::from_vec(std::mem::take(path)).into());
            }
        }
        made
    }

    /// Puts it together with what was written. `main` is the number of the
    /// program's first process.
    ///
    /// # Errors
    /// Why nothing was seen.
    pub(crate) fn of(self, main: u32, stdout: &[u8]) -> Result<Seen, String> {
        let first = self.events.first();
        if first.is_none_or(|e| e.pid != main || e.kind != Kind::Loaded) {
            return Err("the program did not load the library that sees \
                 them; it may be linked statically"
                .into());
        }
        let mut lives = Lives::default();
        let by: Vec<usize> =
            self.events.iter().map(|event| lives.take(event)).collect();
        let writes = self.events.iter().zip(by).filter(|(e, _)| {
            e.kind == Kind::Spoke && (e.result == PENDING || e.result > 0)
        });
        let (cast, places) = lives.cast(main);
        let writes = writes.map(|(event, by)| Write { event, by: places[by] });
        let spoken = Writes { writes: writes.collect(), next: 0 };
        Ok(Seen { cast, spoken: spoken.attribute(stdout) })
    }
}

fn number(pid: Pid) -> u32 {
    pid.as_raw().cast_unsigned()
}

#[derive(Default)]
struct Lives {
    lives: Vec<Life>,
    /// The last sign of each that it gave itself; none of one that was made and
    /// has not been heard of since.
    signs: Vec<Option<u64>>,
    /// The process that has the number now, or had it last.
    processes: HashMap<u32, Process>,
    count: usize,
}

#[derive(Clone, Default)]
struct Process {
    number: usize,
    /// Its initial thread's life.
    initial: usize,
    /// Each of its threads by its number, which the kernel uses again.
    threads: HashMap<u32, usize>,
    /// Each thread that was made and has yet to begin, or the other way round.
    made: HashMap<u32, usize>,
    /// It has told its end.
    ended: bool,
    /// Its end was waited for: the number may be another's.
    reaped: bool,
}

impl Lives {
    /// Takes an event in; gives the life whose it is.
    fn take(&mut self, event: &Event) -> usize {
        let Event { moment, kind, pid, tid, of, .. } = *event;
        let by = match kind {
            Kind::Forked => self.forked(pid, moment),
            Kind::Loaded => self.loaded(pid, moment),
            Kind::Began => self.began(pid, tid, of, moment),
            _ => self.speaker(pid, tid, moment),
        };
        self.sign(by, moment);
        match kind {
            Kind::Ended => self.lives[by].ended = Some(moment),
            Kind::Exited => self.end(pid, moment),
            Kind::Lives => {
                let other = self.processes.get(&of);
                let other = other.filter(|p| !p.ended && !p.reaped);
                if let Some(initial) = other.map(|other| other.initial) {
                    self.sign(initial, moment);
                }
            }
            Kind::Reaped => {
                if let Some(other) = self.processes.get_mut(&of) {
                    other.reaped = true;
                }
            }
            // It may have come first, and even have ended.
            Kind::Started
                if self.processes.get(&of).is_none_or(|p| p.reaped) =>
            {
                self.process(of, moment);
            }
            Kind::Created => self.created(pid, of, moment),
            _ => {}
        }
        by
    }

    /// A sign of life, also of one that has told its end: the last thing that a
    /// thread does may be to write.
    fn sign(&mut self, life: usize, moment: u64) {
        self.signs[life] = Some(moment);
        if let Some(ended) = &mut self.lives[life].ended {
            *ended = moment;
        }
    }

    /// Of a process that ends by itself, all threads that have not ended before
    /// live until then.
    fn end(&mut self, pid: u32, moment: u64) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        process.ended = true;
        for life in process.threads.values() {
            self.lives[*life].ended.get_or_insert(moment);
        }
    }

    /// A new process tells its begin; the one that has made it may have told it
    /// before.
    fn forked(&mut self, pid: u32, moment: u64) -> usize {
        match self.processes.get(&pid) {
            Some(made) if self.signs[made.initial].is_none() => made.initial,
            _ => self.process(pid, moment),
        }
    }

    /// With the number of a process that lives: that process goes on with another
    /// program, and its other threads are no more.
    fn loaded(&mut self, pid: u32, moment: u64) -> usize {
        match self.processes.get_mut(&pid) {
            Some(process) if !process.ended && !process.reaped => {
                let initial = process.initial;
                process.threads.retain(|_, life| *life == initial);
                process.made.clear();
                initial
            }
            _ => self.process(pid, moment),
        }
    }

    /// A thread was made: it is there from now on, if it has not begun already.
    fn created(&mut self, pid: u32, made: u32, moment: u64) {
        let initial = self.initial(pid, moment);
        let number = self.lives[initial].process;
        let process = self.processes.entry(pid).or_default();
        if process.made.remove(&made).is_none() {
            let life = self.life(number, pid, 0, moment);
            let process = self.processes.entry(pid).or_default();
            process.made.insert(made, life);
        }
    }

    /// A thread begins, before or after it was told that it was made.
    fn began(&mut self, pid: u32, tid: u32, made: u32, moment: u64) -> usize {
        let initial = self.initial(pid, moment);
        let number = self.lives[initial].process;
        let process = self.processes.entry(pid).or_default();
        let life = process.made.remove(&made).unwrap_or_else(|| {
            let life = self.life(number, pid, tid, moment);
            let process = self.processes.entry(pid).or_default();
            process.made.insert(made, life);
            life
        });
        self.lives[life].tid = tid;
        let process = self.processes.entry(pid).or_default();
        process.threads.insert(tid, life);
        life
    }

    fn process(&mut self, pid: u32, moment: u64) -> usize {
        let number = self.count;
        self.count += 1;
        let initial = self.life(number, pid, pid, moment);
        let threads = HashMap::from([(pid, initial)]);
        let process =
            Process { number, initial, threads, ..Process::default() };
        self.processes.insert(pid, process);
        initial
    }

    /// The initial thread of the process, which begins here if it was not known.
    fn initial(&mut self, pid: u32, moment: u64) -> usize {
        match self.processes.get(&pid) {
            Some(process) => process.initial,
            None => self.process(pid, moment),
        }
    }

    fn speaker(&mut self, pid: u32, tid: u32, moment: u64) -> usize {
        let initial = self.initial(pid, moment);
        let process = self.processes.entry(pid).or_default();
        let number = process.number;
        match process.threads.get(&tid) {
            Some(life) => *life,
            None if tid == pid => initial,
            None => {
                let life = self.life(number, pid, tid, moment);
                let process = self.processes.entry(pid).or_default();
                process.threads.insert(tid, life);
                life
            }
        }
    }

    fn life(
        &mut self,
        process: usize,
        pid: u32,
        tid: u32,
        begun: u64,
    ) -> usize {
        let initial = pid == tid;
        self.lives.push(Life {
            process,
            initial,
            pid,
            tid,
            begun,
            ended: None,
        });
        self.signs.push(None);
        self.lives.len() - 1
    }

    /// Who took part, and where each life is among them. What gave no sign of its
    /// own is left out. Only the program's first process may have no end.
    fn cast(self, main: u32) -> (Cast, Vec<usize>) {
        let Lives { lives, signs, .. } = self;
        let mut cast = Cast::default();
        let mut places = Vec::new();
        let mut processes = HashMap::new();
        for (mut life, sign) in lives.into_iter().zip(signs) {
            places.push(cast.lives.len());
            let Some(sign) = sign else { continue };
            if !(life.initial && life.pid == main && life.process == 0) {
                life.ended.get_or_insert(sign);
            }
            let next = processes.len();
            life.process = *processes.entry(life.process).or_insert(next);
            cast.lives.push(life);
        }
        (cast, places)
    }
}

/// A write to standard output, and whose it is.
struct Write<'a> {
    event: &'a Event,
    by: usize,
}

impl Write<'_> {
    fn length(&self) -> usize {
        let Event { result, length, .. } = *self.event;
        let length = match result {
            PENDING => length,
            written => written.cast_unsigned(),
        };
        usize::try_from(length).unwrap_or(usize::MAX)
    }

    /// Whether `output` begins with it, as far as there is output.
    fn begins(&self, output: &[u8]) -> bool {
        let length = self.length();
        let there = output.len().min(length);
        let shown = there.min(DATA);
        if self.event.data[..shown] != output[..shown] {
            return false;
        }
        let whole = self.event.length == length as u64 && there == length;
        let hashed = &output[..there.min(HASHED)];
        !whole || hash(HASH, hashed) == self.event.hash
    }
}

struct Writes<'a> {
    /// In the order in which they were begun.
    writes: Vec<Write<'a>>,
    /// The first that may not have been found yet.
    next: usize,
}

/// Who wrote a line, as far as its bytes have been looked at.
#[derive(Clone, Copy)]
enum Writer {
    None,
    One(Spoken),
    Nobody,
}

impl Writes<'_> {
    fn attribute(mut self, output: &[u8]) -> Vec<Option<Spoken>> {
        let mut found = vec![false; self.writes.len()];
        let mut lines = Vec::new();
        let mut line = Writer::None;
        let mut rest = output;
        while !rest.is_empty() {
            let (mut part, spoken) = match self.find(rest, &mut found) {
                Some(nth) => {
                    let write = &self.writes[nth];
                    let length = write.length().min(rest.len());
                    let when = write.event.moment;
                    let spoken = Spoken { by: write.by, when };
                    (&rest[..length], Some(spoken))
                }
                // The rest of the line was written in a way that is not seen.
                None => {
                    let end = rest.iter().position(|byte| *byte == b'\n');
                    let end = end.map_or(rest.len(), |end| end + 1);
                    (&rest[..end], None)
                }
            };
            rest = &rest[part.len()..];
            while !part.is_empty() {
                line = match (line, spoken) {
                    (Writer::None, Some(spoken)) => Writer::One(spoken),
                    (Writer::One(so_far), Some(now)) if so_far.by == now.by => {
                        Writer::One(now)
                    }
                    _ => Writer::Nobody,
                };
                let Some(end) = part.iter().position(|b| *b == b'\n') else {
                    break;
                };
                lines.push(line.spoken());
                line = Writer::None;
                part = &part[end + 1..];
            }
        }
        lines.push(line.spoken());
        lines
    }

    /// The earliest write that goes on with the output. A thread's writes come
    /// in their order; where that finds none, one of them may have been lost.
    fn find(&mut self, output: &[u8], found: &mut [bool]) -> Option<usize> {
        while found.get(self.next) == Some(&true) {
            self.next += 1;
        }
        let open = || {
            let from_next = (self.next..self.writes.len()).take(WINDOW);
            from_next.filter(|nth| !found[*nth])
        };
        let begins = |nth: &usize| self.writes[*nth].begins(output);
        let mut passed = HashSet::new();
        let first = open().find(|nth| {
            let by = self.writes[*nth].by;
            !passed.contains(&by) && (begins(nth) || !passed.insert(by))
        });
        let nth = first.or_else(|| open().find(begins))?;
        found[nth] = true;
        Some(nth)
    }
}

impl Writer {
    fn spoken(self) -> Option<Spoken> {
        match self {
            Writer::One(spoken) => Some(spoken),
            Writer::None | Writer::Nobody => None,
        }
    }
}
