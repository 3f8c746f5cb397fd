//! What becomes of a broken program, in a few words: the choices to predict from.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use expect::{Ending, Expectation, Fault, FaultKind, Observed, Report, Stream};

use super::exercise::{self, Exercise};
use crate::catalogue::case;
use crate::catalogue::workspace::{Example, Workspace};
use crate::recording::Recording;
use crate::results::{Cause, Checked, Verdict};

const PASSES: &str = "nothing that the check sees: it still passes";
const HANGS: &str = "it hangs, until its time is over";
const PANICS: &str = "it panics";
const WRITES: &str = "something is written to standard error";
const LEAVES: &str = "something is left behind";

/// How many choices there are, as far as there is so much to choose from.
const CHOICES: usize = 4;

/// How many other examples are looked at for what became of them.
const OTHERS: usize = 12;

/// What became of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate {
    /// In a few words.
    pub(super) is: String,
    /// All that could be said of it as well, and so is no wrong choice.
    also: BTreeSet<String>,
}

/// What became of a run.
pub(super) fn of_run(expectation: &Expectation, checked: &Checked) -> Fate {
    match &checked.verdict {
        Verdict::Failed(failure) => match (&failure.cause, &checked.observed) {
            (Cause::Hung(report) | Cause::Mismatch(report), Some(observed)) => {
                of_report(expectation, report, observed)
            }
            _ => Fate { is: failure.headline(), ..Fate::default() },
        },
        _ => Fate { is: PASSES.into(), ..Fate::default() },
    }
}

/// What became of a recorded run.
pub(super) fn of_recording(expectation: &Expectation, run: &Recording) -> Fate {
    let observed = run.observed();
    match expectation.compare(&observed) {
        Err(report) => of_report(expectation, &report, &observed),
        // Something that a recording does not hold.
        Ok(_) => {
            let said = run.said.first().map_or(PASSES, |said| said);
            let is = match said.contains("left") {
                true => LEAVES.to_owned(),
                false => without_places(said),
            };
            Fate { is, ..Fate::default() }
        }
    }
}

/// Whether a recorded run did not end in its time.
pub(super) fn hangs(run: &Recording) -> bool {
    matches!(run.observed().ending, Ending::TimedOut(_))
}

fn of_report(
    expectation: &Expectation,
    report: &Report,
    observed: &Observed,
) -> Fate {
    let of = |stream: Stream| {
        observed.lines.iter().filter(move |line| line.stream == stream)
    };
    let has = |kind| report.faults.iter().any(|fault| fault.kind == kind);
    let is_loud = has(FaultKind::Ending) || has(FaultKind::Stderr);
    let panicked =
        of(Stream::Stderr).any(|line| line.text.contains("panicked at"));
    let hung = has(FaultKind::TimeOut)
        || matches!(observed.ending, Ending::TimedOut(_));
    // The most telling first.
    let mut all: Vec<String> = Vec::new();
    if hung {
        all.push(HANGS.into());
    }
    if panicked && is_loud {
        all.push(PANICS.into());
    }
    if has(FaultKind::Ending) && !hung {
        all.push(format!("it ends early, with {}", observed.ending));
    }
    let faults = report.faults.iter().filter(|fault| {
        !matches!(fault.kind, FaultKind::Ending | FaultKind::TimeOut)
    });
    all.extend(faults.map(|fault| of_fault(expectation, fault)));
    for pattern in expectation.patterns() {
        let mut printed = of(Stream::Stdout);
        if !printed.any(|line| pattern.pattern.matches(&line.text)) {
            all.push(other(&pattern.text));
        }
    }
    let is = all.first().cloned().unwrap_or_else(|| PASSES.into());
    Fate { is, also: all.into_iter().collect() }
}

fn of_fault(expectation: &Expectation, fault: &Fault) -> String {
    let pattern = expectation
        .patterns()
        .iter()
        .find(|pattern| Some(pattern.source_line) == fault.source_line);
    let named = fault.message.split('`').nth(1).unwrap_or_default();
    match (fault.kind, pattern) {
        (
            FaultKind::Missing | FaultKind::Changed | FaultKind::OutOfRange,
            Some(pattern),
        ) => other(&pattern.text),
        (FaultKind::OutOfOrder, _) => {
            format!("this line comes too early or too late: `{named}`")
        }
        (FaultKind::Extra | FaultKind::Repeated, _) => {
            format!("a line too many is printed: `{named}`")
        }
        (FaultKind::BeforeBroken, _) => format!("a rule breaks: `{named}`"),
        (FaultKind::Speaker | FaultKind::Peak | FaultKind::NameClash, _) => {
            format!("a rule breaks: {}", without_places(&fault.message))
        }
        (FaultKind::Stderr, _) => WRITES.to_owned(),
        (FaultKind::Leak, _) => LEAVES.to_owned(),
        _ => without_places(&fault.message),
    }
}

fn other(line: &str) -> String {
    format!("this line is missing: `{line}`")
}

/// A message without where in the output a line stands, which would tell it.
fn without_places(message: &str) -> String {
    let mut text = message.to_owned();
    for mark in [" (output ", " (line "] {
        while let Some((before, after)) = text.split_once(mark) {
            let after = after.split_once(')').map_or("", |(_, after)| after);
            text = format!("{before}{after}");
        }
    }
    text
}

/// What to choose from, of which one is `fate`: what became of this example
/// broken otherwise, other lines of it, and what became of other examples.
pub(super) fn choices(
    workspace: &Workspace,
    exercise: &Exercise<'_>,
    expectation: &Expectation,
    fate: &Fate,
) -> Vec<String> {
    let seed = hash(&exercise.key());
    let mut own: BTreeSet<String> =
        fates(exercise.example, expectation).collect();
    let mut lines: BTreeSet<String> =
        expectation.patterns().iter().map(|p| other(&p.text)).collect();
    let mut general =
        BTreeSet::from([PASSES, HANGS, PANICS].map(str::to_owned));
    general.extend(elsewhere(workspace, exercise, seed));
    for wrong in [&mut own, &mut lines, &mut general] {
        wrong.retain(|text| !fate.also.contains(text));
    }
    let mut chosen = vec![fate.is.clone()];
    // Two that are of this example, then one of any, then what is there.
    for from in [0, 1, 2, 2, 1, 0, 1, 2] {
        let from = [&mut own, &mut lines, &mut general].into_iter().nth(from);
        let Some(from) = from else { continue };
        from.retain(|text| !chosen.contains(text));
        let next = from.iter().min_by_key(|text| hash(&(seed, text)));
        if let Some(next) = next.cloned() {
            chosen.push(next);
        }
        if chosen.len() == CHOICES {
            break;
        }
    }
    chosen.sort_by_key(|text| hash(&(text, seed)));
    chosen
}

/// What became of the sabotages of an example, as recorded.
fn fates<'e>(
    example: &'e Example,
    expectation: &'e Expectation,
) -> impl Iterator<Item = String> {
    let sabotages = example.header.iter().flat_map(|h| &h.sabotages);
    (1..).zip(sabotages).filter_map(move |(nth, sabotage)| {
        let run = exercise::broken_run(example, sabotage, nth)?;
        Some(of_recording(expectation, &run).is)
    })
}

/// What became of other examples of the topic, where that is not about their
/// lines.
fn elsewhere(
    workspace: &Workspace,
    exercise: &Exercise<'_>,
    seed: u64,
) -> BTreeSet<String> {
    let of_topic = |e: &&Example| {
        e.topic == exercise.example.topic && e.name != exercise.example.name
    };
    let mut others: Vec<&Example> =
        workspace.examples.iter().filter(of_topic).collect();
    others.sort_by_key(|e| hash(&(seed, &e.name)));
    let mut found = BTreeSet::new();
    for other in others.into_iter().take(OTHERS) {
        let shown = workspace.relative(&other.source);
        if let Ok(expectation) = case::expectation(other, &shown) {
            let general = |text: &String| !text.contains('`');
            found.extend(fates(other, &expectation).filter(general));
        }
    }
    found
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_left_out() {
        let text = "`b` (output 2) and `c` (output 3) are one thread (line 5)";
        assert_eq!(without_places(text), "`b` and `c` are one thread");
    }
}
