//! Rules about who speaks, from runs in which that was seen.

use crate::language::pattern::Pattern;
use crate::language::speakers::{Peak, SpeakerKind, SpeakerRule};
use crate::matching::speakers::{self, Line};
use crate::observed::{Cast, Observed};

/// The rules that hold in all of the runs, as they are written. None if there
/// is a line of which it was not seen who wrote it.
pub fn propose_speakers(runs: &[Observed]) -> Vec<String> {
    let seen = |run| {
        let lines: Vec<Line<'_>> = speakers::lines(run).collect();
        Some((lines, run.cast.as_ref()?))
    };
    let runs: Option<Vec<_>> = runs.iter().map(seen).collect();
    let runs = runs.unwrap_or_default();
    let unseen = |line: &Line<'_>| line.spoken.is_none();
    if runs.iter().any(|(lines, _)| lines.iter().any(unseen)) {
        return Vec::new();
    }
    let mut proposed: Vec<String> =
        rules(&runs).iter().map(SpeakerRule::to_string).collect();
    for of in [Peak::Threads, Peak::Processes] {
        let seen = runs.iter().map(|(_, cast)| speakers::peak(of, cast));
        let (least, most) = (seen.clone().min(), seen.max());
        let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
        if least > 0 {
            let range = if least == most { "" } else { ".." };
            proposed.push(format!("@peak {least}{range} {}", of.name()));
        }
    }
    proposed
}

fn rules(runs: &[(Vec<Line<'_>>, &Cast)]) -> Vec<SpeakerRule> {
    let holds = |rules: &[SpeakerRule]| {
        let broken = |(lines, cast): &(Vec<Line<'_>>, &Cast)| {
            !speakers::broken(rules, lines, cast).is_empty()
        };
        !runs.iter().any(broken)
    };
    let kinds =
        [SpeakerKind::Threads, SpeakerKind::Processes, SpeakerKind::Tasks];
    let lines = runs.iter().flat_map(|(lines, _)| lines);
    let (mut actors, mut shapes) = (Vec::new(), Vec::new());
    for actor in lines.map(|line| line.actor) {
        if actors.contains(&actor) {
            continue;
        }
        actors.push(actor);
        let shape = shape(actor);
        if actor != "main" && !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    if actors.len() < 2 {
        return Vec::new();
    }
    let rule = |kind, actors| SpeakerRule { source_line: 0, kind, actors };
    for kind in kinds {
        let all = [rule(kind, None)];
        if holds(&all) {
            return all.to_vec();
        }
    }
    let mut found = Vec::new();
    for shape in shapes {
        for kind in kinds {
            found.push(rule(kind, Some(shape.clone())));
            if holds(&found) {
                break;
            }
            found.pop();
        }
    }
    found
}

/// The actor, with a hole for each number in it.
fn shape(actor: &str) -> Pattern {
    let mut shape = String::new();
    for word in actor.split_inclusive(' ') {
        let (word, blank) = match word.strip_suffix(' ') {
            Some(word) => (word, " "),
            None => (word, ""),
        };
        if word.bytes().all(|b| b.is_ascii_digit()) && !word.is_empty() {
            shape.push_str("{:int}");
        } else {
            shape.push_str(&word.replace('{', "{{").replace('}', "}}"));
        }
        shape.push_str(blank);
    }
    Pattern::parse(&shape).unwrap_or_else(|_| Pattern::literal(actor))
}
