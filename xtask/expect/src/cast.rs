//! Who spoke, against the rules about it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::diagnose::Findings;
use super::number;
use super::observed::{Cast, Life, Observed, Spoken, Stream};
use super::pattern;
use super::speakers::{Peak, PeakRule, SpeakerKind, SpeakerRule};
use super::{Expectation, Fault, FaultKind};

/// As many lines of which the speaker was not seen are told by number.
const MOST: usize = 4;

/// Checks the rules. Says whether there were some, and nothing was seen to
/// check them by. `known` tells the lines of standard output that have a
/// pattern.
pub(super) fn check(
    expectation: &Expectation,
    observed: &Observed,
    known: &dyn Fn(usize) -> bool,
    findings: &mut Findings<'_>,
) -> bool {
    let (rules, peaks) = (&expectation.speakers, &expectation.peaks);
    if rules.is_empty() && peaks.is_empty() {
        return false;
    }
    let Some(cast) = &observed.cast else { return true };
    let actors: HashSet<_> = expectation
        .patterns
        .iter()
        .filter_map(|line| line.pattern.actor_pattern())
        .collect();
    let is_actor = |actor: &str| actors.iter().any(|a| a.matches(actor));
    let mut stdout = 0;
    let mut lines = lines(observed);
    lines.retain(|line| {
        stdout += 1;
        known(stdout - 1) || is_actor(line.actor.unwrap_or_default())
    });
    findings.faults.extend(broken(rules, &lines, cast));
    findings.faults.extend(peaks.iter().filter_map(|peak| beyond(peak, cast)));
    false
}

/// A line of standard output, and who spoke it.
pub(super) struct Line<'o> {
    pub(super) actor: Option<&'o str>,
    /// Its place in all output, from 1.
    output: usize,
    pub(super) spoken: Option<Spoken>,
}

/// The lines of standard output.
pub(super) fn lines(observed: &Observed) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (output, line) in (1..).zip(&observed.lines) {
        if line.stream == Stream::Stdout {
            let actor = pattern::actor(&line.text);
            lines.push(Line { actor, output, spoken: line.spoken });
        }
    }
    lines
}

/// What one line says of its speaker.
#[derive(Clone, Copy)]
struct Voice<'o> {
    rule: &'o SpeakerRule,
    actor: &'o str,
    output: usize,
    spoken: Spoken,
}

/// The faults of the rules, in the order of the output.
pub(super) fn broken(
    rules: &[SpeakerRule],
    lines: &[Line<'_>],
    cast: &Cast,
) -> Vec<Fault> {
    let rest = rules.iter().find(|rule| rule.actors.is_none());
    let mut voices: HashMap<SpeakerKind, Vec<Voice<'_>>> = HashMap::new();
    let mut unseen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for line in lines {
        let Some(actor) = line.actor else { continue };
        let rule = rules.iter().find(|rule| rule.names(actor)).or(rest);
        let Some(rule) = rule else { continue };
        let seen = line.spoken.filter(|spoken| spoken.by < cast.lives.len());
        let Some(spoken) = seen else {
            unseen.entry(rule.source_line).or_default().push(line.output);
            continue;
        };
        let voice = Voice { rule, actor, output: line.output, spoken };
        voices.entry(rule.kind).or_default().push(voice);
    }
    let mut faults = Faults { told: Vec::new() };
    for (source_line, outputs) in unseen {
        let told = outputs.iter().take(MOST).map(usize::to_string);
        let told = told.collect::<Vec<_>>().join(", ");
        let more = if outputs.len() > MOST { ", …" } else { "" };
        let message = format!("not seen who wrote output {told}{more}");
        faults.tell(outputs[0], source_line, message);
    }
    // The main thread has a name, whether or not a rule says so.
    let main = lines.iter().find(|line| {
        let by = line.spoken.map(|spoken| spoken.by);
        line.actor == Some("main") && by == Some(0)
    });
    for (kind, mut voices) in voices {
        voices.sort_by_key(|voice| voice.spoken.when);
        match kind {
            SpeakerKind::Tasks => one_thread(&voices, cast, &mut faults),
            _ => {
                let main = main.map(|line| line.output);
                let each = Each { kind, cast, ends: Ends::new(cast), main };
                each.check(&voices, &mut faults);
            }
        }
    }
    faults.told.sort_by_key(|(output, _)| *output);
    faults.told.into_iter().map(|(_, fault)| fault).collect()
}

/// Faults, each with the output it is about.
struct Faults {
    told: Vec<(usize, Fault)>,
}

impl Faults {
    fn tell(&mut self, output: usize, source_line: usize, message: String) {
        let kind = FaultKind::Speaker;
        let fault = Fault { kind, source_line: Some(source_line), message };
        self.told.push((output, fault));
    }
}

/// Threads, or processes, of which each speaks for one actor.
struct Each<'c> {
    kind: SpeakerKind,
    cast: &'c Cast,
    ends: Ends,
    /// The first output of the main thread under its own name.
    main: Option<usize>,
}

impl Each<'_> {
    /// Who speaks: a thread by its life, or a process by its number.
    fn speaker(&self, voice: Voice<'_>) -> usize {
        match self.kind {
            SpeakerKind::Processes => self.cast.lives[voice.spoken.by].process,
            _ => voice.spoken.by,
        }
    }

    fn noun(&self) -> &'static str {
        match self.kind {
            SpeakerKind::Processes => "process",
            _ => "thread",
        }
    }

    /// When the speaker ended, if it was seen to.
    fn ended(&self, speaker: usize) -> Option<u64> {
        match self.kind {
            SpeakerKind::Processes => self.ends.of_process(speaker),
            _ => self.ends.of(&self.cast.lives[speaker]),
        }
    }

    fn check(&self, voices: &[Voice<'_>], faults: &mut Faults) {
        let noun = self.noun();
        // Who each speaker speaks for, and where it first did.
        let mut owners: HashMap<usize, (&str, Option<usize>)> = HashMap::new();
        owners.insert(0, ("main", self.main));
        let mut last: HashMap<&str, Voice<'_>> = HashMap::new();
        let mut told: HashSet<(&str, &str)> = HashSet::new();
        for &voice in voices {
            let Voice { rule, actor, output, spoken } = voice;
            let line = rule.source_line;
            let process = self.cast.lives[spoken.by].process;
            if self.kind == SpeakerKind::Threads && process != 0 {
                if told.insert((actor, "elsewhere")) {
                    let message = format!(
                        "`{actor}` is in another process than the first \
                         (output {output})"
                    );
                    faults.tell(output, line, message);
                }
                continue;
            }
            let speaker = self.speaker(voice);
            let owner = *owners.entry(speaker).or_insert((actor, Some(output)));
            let before = last.insert(actor, voice);
            if actor == "main" && speaker != 0 {
                if told.insert(("main", "main")) {
                    let message = format!(
                        "`main` is {}, not the main {noun} (output {output})",
                        name(spoken.by, self.cast)
                    );
                    faults.tell(output, line, message);
                }
            } else if owner.0 != actor {
                let other = owner.0;
                if !told.insert((actor, other)) {
                    continue;
                }
                let message = match owner.1 {
                    Some(first) => format!(
                        "`{actor}` and `{other}` are one {noun} (output \
                         {output} and {first})"
                    ),
                    None => format!(
                        "`{actor}` is the main {noun} (output {output})"
                    ),
                };
                faults.tell(output, line, message);
            } else if let Some(before) = before {
                let former = self.speaker(before);
                let ended = self.ended(former);
                let over = ended.is_some_and(|ended| ended < spoken.when);
                if former != speaker && !over && told.insert((actor, actor)) {
                    let many = match self.kind {
                        SpeakerKind::Processes => "processes",
                        _ => "threads",
                    };
                    let message = format!(
                        "`{actor}` is two {many} at once (output {} and \
                         {output})",
                        before.output
                    );
                    faults.tell(output, line, message);
                }
            }
        }
    }
}

/// Actors that share one thread, those of each rule their own.
fn one_thread(voices: &[Voice<'_>], cast: &Cast, faults: &mut Faults) {
    let mut first: HashMap<usize, Voice<'_>> = HashMap::new();
    let mut told = HashSet::new();
    for &voice in voices {
        let Voice { rule, actor, output, spoken } = voice;
        let one = *first.entry(rule.source_line).or_insert(voice);
        if one.spoken.by == spoken.by || !told.insert(actor) {
            continue;
        }
        let outputs = format!("(output {} and {output})", one.output);
        let (there, here) = (name(one.spoken.by, cast), name(spoken.by, cast));
        let message = if one.actor == actor {
            format!(
                "`{actor}` is first {there}, then {here} {outputs}: `{rule}` \
                 wants one thread"
            )
        } else {
            format!(
                "`{}` is {there}, `{actor}` is {here} {outputs}: `{rule}` \
                 wants one thread",
                one.actor
            )
        };
        faults.tell(output, rule.source_line, message);
    }
}

/// How a thread is called in a report: `main`, `thread 2`, `process 3`,
/// `process 3 thread 1`.
pub(super) fn name(by: usize, cast: &Cast) -> String {
    let Some(life) = cast.lives.get(by) else { return "?".to_string() };
    let process = life.process;
    let others = cast.lives[..by].iter();
    let others = others.filter(|l| l.process == process && !l.initial);
    let thread = others.count() + 1;
    match (process, life.initial) {
        (0, true) => "main".to_string(),
        (0, false) => format!("thread {thread}"),
        (_, true) => format!("process {process}"),
        (_, false) => format!("process {process} thread {thread}"),
    }
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
    let counts = |life: &Life| match of {
        Peak::Threads => !life.initial,
        Peak::Processes => life.initial && life.process != 0,
    };
    // At one moment, ends come before starts: no more than was seen.
    let mut events: Vec<(u64, i64)> = Vec::new();
    let ends = Ends::new(cast);
    for life in cast.lives.iter().filter(|life| counts(life)) {
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

fn beyond(rule: &PeakRule, cast: &Cast) -> Option<Fault> {
    let seen = peak(rule.of, cast);
    if rule.count.contains_int(&seen.to_string()) {
        return None;
    }
    let noun = match (rule.of, seen) {
        (Peak::Threads, 1) => "thread",
        (Peak::Threads, _) => "threads",
        (Peak::Processes, 1) => "process",
        (Peak::Processes, _) => "processes",
    };
    let verb = if seen == 1 { "was" } else { "were" };
    let low = rule.count.low.as_deref().unwrap_or("0");
    let few = number::cmp_int(&seen.to_string(), low).is_lt();
    let most = if few { "at most " } else { "" };
    Some(Fault {
        kind: FaultKind::Peak,
        source_line: Some(rule.source_line),
        message: format!(
            "{most}{seen} {noun} at once {verb} seen, `@peak` wants {}",
            rule.wanted()
        ),
    })
}
