//! Who spoke, against the rules about it.

use std::collections::{HashMap, HashSet};

use crate::expectation::Expectation;
use crate::language::pattern::{self, Pattern};
use crate::language::speakers::{Peak, PeakRule, SpeakerKind, SpeakerRule};
use crate::observed::{Cast, Life, Observed, Spoken, Stream};

/// A rule that does not hold.
pub(crate) enum Breach<'r> {
    /// Of these lines it was not seen who wrote them.
    Unseen(&'r SpeakerRule, Vec<usize>),
    /// An actor is not what it is to be.
    Speaker(&'r SpeakerRule, Wrong<'r>),
    /// So many were alive at one time.
    Peak(&'r PeakRule, usize),
}

/// What is wrong with an actor.
pub(crate) enum Wrong<'r> {
    /// It is not in the first process.
    Elsewhere(Voice<'r>),
    /// It is `main`, and not the main thread or process.
    NotMain(Voice<'r>),
    /// It is the main thread or process, and not `main`.
    IsMain(Voice<'r>),
    /// It speaks through whom another actor spoke before.
    One(Voice<'r>, Voice<'r>),
    /// A second one speaks for it while the first is alive.
    Two(Voice<'r>, Voice<'r>),
    /// It is not the thread of the first of the actors.
    Apart(Voice<'r>, Voice<'r>),
}

/// A line, and who spoke it.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'o> {
    pub(crate) actor: &'o str,
    /// Its place in all output, from 1.
    pub(crate) output: usize,
    pub(crate) spoken: Spoken,
}

/// A line of standard output with an actor.
pub(super) struct Line<'o> {
    pub(super) actor: &'o str,
    pub(super) output: usize,
    pub(super) spoken: Option<Spoken>,
}

/// The lines that have an actor.
pub(super) fn lines(observed: &Observed) -> impl Iterator<Item = Line<'_>> {
    let lines = (1..).zip(&observed.lines);
    let stdout = lines.filter(|(_, line)| line.stream == Stream::Stdout);
    stdout.filter_map(|(output, line)| {
        let actor = pattern::actor(&line.text)?;
        Some(Line { actor, output, spoken: line.spoken })
    })
}

impl Expectation {
    /// The rules about speakers that do not hold. `is_known` tells the places
    /// in the output whose lines have a pattern.
    pub(crate) fn breaches<'r>(
        &'r self,
        observed: &'r Observed,
        cast: &Cast,
        is_known: impl Fn(usize) -> bool,
    ) -> Vec<Breach<'r>> {
        let mut breaches = Vec::new();
        if !self.speakers.is_empty() {
            let patterns = self.patterns.iter().map(|line| &line.pattern);
            let actors: HashSet<Pattern> =
                patterns.filter_map(Pattern::actor_pattern).collect();
            let is_actor = |a: &str| actors.iter().any(|p| p.matches(a));
            let lines = lines(observed);
            let lines: Vec<Line<'_>> = lines
                .filter(|l| is_known(l.output) || is_actor(l.actor))
                .collect();
            breaches = broken(&self.speakers, &lines, cast);
        }
        breaches.extend(self.peaks.iter().filter_map(|rule| {
            let seen = peak(rule.of, cast);
            (!rule.allows(seen)).then_some(Breach::Peak(rule, seen))
        }));
        breaches
    }
}

/// The rules that do not hold, in the order of the output.
pub(super) fn broken<'r>(
    rules: &'r [SpeakerRule],
    lines: &[Line<'r>],
    cast: &Cast,
) -> Vec<Breach<'r>> {
    let rest = rules.iter().find(|rule| rule.actors.is_none());
    let mut voices: HashMap<SpeakerKind, Vec<(&SpeakerRule, Voice<'_>)>> =
        HashMap::new();
    let mut unseen: Vec<(&SpeakerRule, Vec<usize>)> = Vec::new();
    for &Line { actor, output, spoken } in lines {
        let rule = rules.iter().find(|rule| rule.names(actor)).or(rest);
        let Some(rule) = rule else { continue };
        let seen = spoken.filter(|spoken| spoken.by < cast.lives.len());
        if let Some(spoken) = seen {
            let voice = Voice { actor, output, spoken };
            voices.entry(rule.kind).or_default().push((rule, voice));
        } else {
            match unseen.iter_mut().find(|(other, _)| *other == rule) {
                Some((_, outputs)) => outputs.push(output),
                None => unseen.push((rule, vec![output])),
            }
        }
    }
    let mut found: Vec<(usize, Breach<'r>)> = Vec::new();
    for (rule, outputs) in unseen {
        found.push((outputs[0], Breach::Unseen(rule, outputs)));
    }
    // The main thread has a name, whether or not a rule says so.
    let main = lines.iter().find_map(|&Line { actor, output, spoken }| {
        let spoken = spoken.filter(|s| s.by == 0 && actor == "main")?;
        Some(Voice { actor, output, spoken })
    });
    for (kind, mut voices) in voices {
        voices.sort_by_key(|(_, voice)| voice.spoken.when);
        let each = Each { kind, cast, ends: Ends::new(cast), main };
        let wrong = match kind {
            SpeakerKind::Tasks => apart(&voices),
            SpeakerKind::Threads | SpeakerKind::Processes => {
                each.wrong(&voices)
            }
        };
        found.extend(wrong.into_iter().map(|(rule, output, wrong)| {
            (output, Breach::Speaker(rule, wrong))
        }));
    }
    found.sort_by_key(|(output, _)| *output);
    found.into_iter().map(|(_, breach)| breach).collect()
}

/// What is wrong by which rule, and at which place in the output.
type Found<'r> = Vec<(&'r SpeakerRule, usize, Wrong<'r>)>;

/// Threads, or processes, of which each speaks for one actor.
struct Each<'c, 'r> {
    kind: SpeakerKind,
    cast: &'c Cast,
    ends: Ends,
    /// The first line of the main thread under its own name.
    main: Option<Voice<'r>>,
}

impl<'r> Each<'_, 'r> {
    /// Who speaks: a thread by its life, or a process by its number.
    fn speaker(&self, voice: Voice<'_>) -> usize {
        match self.kind {
            SpeakerKind::Processes => self.cast.lives[voice.spoken.by].process,
            SpeakerKind::Threads | SpeakerKind::Tasks => voice.spoken.by,
        }
    }

    /// When the speaker ended, if it was seen to.
    fn ended(&self, speaker: usize) -> Option<u64> {
        match self.kind {
            SpeakerKind::Processes => self.ends.of_process(speaker),
            SpeakerKind::Threads | SpeakerKind::Tasks => {
                self.ends.of(&self.cast.lives[speaker])
            }
        }
    }

    /// What is wrong with the lines, which are in the order of their moments.
    fn wrong(&self, voices: &[(&'r SpeakerRule, Voice<'r>)]) -> Found<'r> {
        let mut found = Found::new();
        let mut told = HashSet::new();
        // The first line of each speaker, and the last of each actor.
        let mut first: HashMap<usize, Voice<'r>> = HashMap::new();
        let mut last: HashMap<&str, Voice<'r>> = HashMap::new();
        for &(rule, voice) in voices {
            let speaker = self.speaker(voice);
            let before = last.insert(voice.actor, voice);
            let (wrong, what) = if self.is_elsewhere(voice) {
                (Wrong::Elsewhere(voice), "in another process")
            } else if voice.actor == "main" && speaker != 0 {
                (Wrong::NotMain(voice), "not main")
            } else if voice.actor != "main" && speaker == 0 {
                match self.main {
                    Some(main) => (Wrong::One(voice, main), "main"),
                    None => (Wrong::IsMain(voice), "main"),
                }
            } else {
                let owner = *first.entry(speaker).or_insert(voice);
                let over = |former: &Voice<'_>| {
                    let former = self.speaker(*former);
                    self.ended(former).is_some_and(|ended| {
                        let silent = self.is_silent(voices, former, voice);
                        ended < voice.spoken.when || silent
                    })
                };
                let other = before.filter(|b| self.speaker(*b) != speaker);
                if owner.actor != voice.actor {
                    (Wrong::One(voice, owner), owner.actor)
                } else if let Some(former) = other.filter(|f| !over(f)) {
                    (Wrong::Two(former, voice), "two at once")
                } else {
                    continue;
                }
            };
            if told.insert((voice.actor, what)) {
                found.push((rule, voice.output, wrong));
            }
        }
        found
    }

    /// Whether a thread says nothing more from that line on. Who waits for a
    /// thread may go on before it has quite ended: after its last line it is
    /// taken for ended if its end was seen at all.
    fn is_silent(
        &self,
        voices: &[(&SpeakerRule, Voice<'_>)],
        speaker: usize,
        from: Voice<'_>,
    ) -> bool {
        let speaks = |(_, voice): &(&SpeakerRule, Voice<'_>)| {
            voice.spoken.when > from.spoken.when
                && self.speaker(*voice) == speaker
        };
        self.kind == SpeakerKind::Threads && !voices.iter().any(speaks)
    }

    fn is_elsewhere(&self, voice: Voice<'_>) -> bool {
        self.kind == SpeakerKind::Threads
            && self.cast.lives[voice.spoken.by].process != 0
    }
}

/// Actors that are to share one thread, those of each rule their own.
fn apart<'r>(voices: &[(&'r SpeakerRule, Voice<'r>)]) -> Found<'r> {
    let mut found = Found::new();
    let mut first: HashMap<usize, Voice<'r>> = HashMap::new();
    let mut told = HashSet::new();
    for &(rule, voice) in voices {
        let one = *first.entry(rule.source_line).or_insert(voice);
        let same = one.spoken.by == voice.spoken.by;
        if !same && told.insert(voice.actor) {
            found.push((rule, voice.output, Wrong::Apart(one, voice)));
        }
    }
    found
}

/// When processes and threads were seen to end.
struct Ends(HashMap<usize, u64>);

impl Ends {
    fn new(cast: &Cast) -> Self {
        let initial = cast.lives.iter().filter(|life| life.initial);
        Ends(initial.filter_map(|l| Some((l.process, l.ended?))).collect())
    }

    fn of_process(&self, process: usize) -> Option<u64> {
        self.0.get(&process).copied()
    }

    /// A thread ends with its process at the latest.
    fn of(&self, life: &Life) -> Option<u64> {
        let both = [life.ended, self.of_process(life.process)];
        both.into_iter().flatten().min()
    }
}

/// How many were alive at one time.
pub(super) fn peak(of: Peak, cast: &Cast) -> usize {
    let counts = |life: &&Life| match of {
        Peak::Threads => !life.initial,
        Peak::Processes => life.initial && life.process != 0,
    };
    let ends = Ends::new(cast);
    // At one moment, ends come before starts: no more than was seen.
    let mut events: Vec<(u64, i64)> = Vec::new();
    for life in cast.lives.iter().filter(counts) {
        events.push((life.begun, 1));
        events.extend(ends.of(life).map(|ended| (ended.max(life.begun), -1)));
    }
    events.sort_unstable();
    let (mut alive, mut most) = (0_i64, 0_i64);
    for (_, change) in events {
        alive += change;
        most = most.max(alive);
    }
    usize::try_from(most).unwrap_or(0)
}
