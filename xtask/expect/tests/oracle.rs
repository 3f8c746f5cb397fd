//! The matcher against an oracle that knows nothing of it: it tries every
//! assignment of lines to patterns, and every way to cut each line.

mod support;
mod tape;

use std::cell::Cell;
use std::collections::BTreeMap;

use expect::{Expectation, FaultKind, Style};
use proptest::prelude::*;
use support::{printed, source};
use tape::Tape;

/// An expectation before it is written down.
#[derive(Debug, Clone)]
struct Model {
    sections: Vec<Section>,
    rules: Vec<(char, char)>,
}

#[derive(Debug, Clone)]
struct Section {
    kind: Kind,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Exact,
    Any,
    Lanes,
    Shared,
}

#[derive(Debug, Clone)]
struct Line {
    parts: Vec<Part>,
    labels: Vec<char>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(&'static str),
    Hole {
        name: Option<char>,
        kind: &'static str,
        range: Option<(Option<i64>, Option<i64>)>,
    },
}

fn shuffle<T>(tape: &mut Tape<'_>, items: &mut [T]) {
    for i in (1..items.len()).rev() {
        items.swap(i, i - tape.below(i + 1));
    }
}

const ACTORS: [&str; 2] = ["a: ", "b: "];
const WORDS: [&str; 4] = ["x", "1", "2", "1 x 2"];
/// Each name has a type of its own.
const NAMES: [(char, &str); 6] = [
    ('p', "pid"),
    ('q', "pid"),
    ('r', "pid"),
    ('n', "int"),
    ('w', "word"),
    ('t', "text"),
];

fn model(tape: &mut Tape<'_>) -> Model {
    let names = tape.pick(&[0, 25, 60]);
    let labels = tape.pick(&[0, 50]);
    let mut sections = Vec::new();
    let mut left = 6;
    while left > 0 && sections.len() < 3 {
        let kinds = [Kind::Any, Kind::Lanes, Kind::Exact, Kind::Shared];
        let kind = tape.pick(&kinds);
        let count = 1 + tape.below(left.min(4));
        left -= count;
        let mut lines: Vec<Line> = Vec::new();
        for _ in 0..count {
            // Lines alike are the hard ones.
            if !lines.is_empty() && tape.chance(25) {
                lines.push(lines[lines.len() - 1].clone());
            } else {
                lines.push(line(tape, kind, names, labels));
            }
        }
        sections.push(Section { kind, lines });
        if tape.chance(30) {
            break;
        }
    }
    let rules = rules(tape, &mut sections);
    Model { sections, rules }
}

fn line(tape: &mut Tape<'_>, kind: Kind, names: usize, labels: usize) -> Line {
    let mut parts = Vec::new();
    let shared = kind == Kind::Shared;
    let (names, labels) = if shared { (0, 0) } else { (names, labels) };
    if shared {
        let kind = tape.pick(&["word", "int", "text"]);
        parts.push(Part::Hole { name: None, kind, range: None });
        parts.push(Part::Text(": "));
    } else if kind == Kind::Lanes || tape.chance(40) {
        parts.push(Part::Text(tape.pick(&ACTORS)));
    }
    match tape.below(5) {
        0 => parts.push(Part::Text(tape.pick(&WORDS))),
        1 | 2 => parts.push(hole(tape, names)),
        3 => {
            parts.push(hole(tape, names));
            parts.push(Part::Text(tape.pick(&[" ", " x ", "1"])));
            parts.push(hole(tape, names));
        }
        _ => {
            parts.push(hole(tape, names));
            parts.push(Part::Text(tape.pick(&[" x", "2"])));
        }
    }
    let pick = |tape: &mut Tape<'_>| {
        let mut picked = vec![tape.pick(&['k', 'l', 'm'])];
        if tape.chance(20) {
            picked.push(tape.pick(&['k', 'l', 'm']));
        }
        picked
    };
    let labels = if tape.chance(labels) { pick(tape) } else { Vec::new() };
    Line { parts, labels }
}

fn hole(tape: &mut Tape<'_>, names: usize) -> Part {
    if tape.chance(names) {
        let (name, kind) = tape.pick(&NAMES);
        let range = if kind == "int" { range(tape) } else { None };
        return Part::Hole { name: Some(name), kind, range };
    }
    let kind = tape.pick(&["text", "int", "word", "pid", "float"]);
    let ranged = matches!(kind, "int" | "float");
    let range = if ranged { range(tape) } else { None };
    Part::Hole { name: None, kind, range }
}

fn range(tape: &mut Tape<'_>) -> Option<(Option<i64>, Option<i64>)> {
    match tape.below(4) {
        0 | 1 => None,
        2 => Some((Some(tape.pick(&[2, 12])), None)),
        _ => Some((Some(1), Some(tape.pick(&[1, 2])))),
    }
}

/// Rules among the labels in use; labels of no rule are taken off.
fn rules(tape: &mut Tape<'_>, sections: &mut [Section]) -> Vec<(char, char)> {
    let lines = sections.iter().flat_map(|section| &section.lines);
    let mut used: Vec<char> =
        lines.flat_map(|line| line.labels.clone()).collect();
    used.sort_unstable();
    used.dedup();
    let mut rules = Vec::new();
    if used.len() > 1 {
        shuffle(tape, &mut used);
        rules.push((used[0], used[1]));
        if let Some(third) = used.get(2) {
            rules.push((used[tape.below(2)], *third));
        }
    }
    let in_rule =
        |label: &char| rules.iter().any(|(a, b)| a == label || b == label);
    for section in sections {
        for line in &mut section.lines {
            line.labels.retain(in_rule);
        }
    }
    rules
}

/// Output that matches the model but perhaps for its rules: a text for each
/// hole, the lines in an order the blocks allow.
fn output(tape: &mut Tape<'_>, model: &Model) -> Vec<String> {
    let mut texts: BTreeMap<char, String> = BTreeMap::new();
    let mut output = Vec::new();
    for section in &model.sections {
        let mut lines: Vec<(String, Option<String>)> = Vec::new();
        for line in &section.lines {
            let mut text = String::new();
            for part in &line.parts {
                match part {
                    Part::Text(known) => text.push_str(known),
                    Part::Hole { name, kind, range } => {
                        let value = value(tape, kind, *range);
                        let value = match name {
                            Some(name) => {
                                texts.entry(*name).or_insert(value).clone()
                            }
                            None => value,
                        };
                        text.push_str(&value);
                    }
                }
            }
            let actor = match section.kind {
                Kind::Shared => speaker(&text),
                _ => actor(&line.parts),
            };
            let actor = actor.map(str::to_string);
            lines.push((text, actor));
        }
        match section.kind {
            Kind::Exact => {}
            Kind::Any => shuffle(tape, &mut lines),
            Kind::Lanes | Kind::Shared => {
                // Deal the actors' places out, then fill them in order.
                let mut actors: Vec<_> =
                    lines.iter().map(|line| line.1.clone()).collect();
                shuffle(tape, &mut actors);
                let mut rest = lines.clone();
                lines = Vec::new();
                for actor in actors {
                    let at = rest.iter().position(|l| l.1 == actor);
                    let at = at.expect("one is left");
                    lines.push(rest.remove(at));
                }
            }
        }
        output.extend(lines.into_iter().map(|(text, _)| text));
    }
    output
}

fn speaker(text: &str) -> Option<&str> {
    text.split_once(": ").map(|(actor, _)| actor)
}

fn actor(parts: &[Part]) -> Option<&'static str> {
    match parts[0] {
        Part::Text(text) => ACTORS.into_iter().find(|a| *a == text),
        Part::Hole { .. } => None,
    }
}

fn value(
    tape: &mut Tape<'_>,
    kind: &str,
    range: Option<(Option<i64>, Option<i64>)>,
) -> String {
    let texts: &[&str] = match (kind, range) {
        ("pid", _) => &["1", "2", "12"],
        ("int" | "float", Some((_, None))) => &["12", "13", "22"],
        ("int" | "float", Some(_)) => &["1", "+1", "01"],
        ("int", None) => &["1", "2", "-12"],
        ("float", None) => &["1", "1.5", "2"],
        ("word", _) => &["x", "1", "1x2"],
        _ => &["x", "1 x 2", "2", "x x"],
    };
    tape.pick(texts).to_string()
}

/// Changes the output a little.
fn mutate(tape: &mut Tape<'_>, output: &mut Vec<String>) {
    if output.is_empty() {
        return;
    }
    let at = tape.below(output.len());
    let other = tape.below(output.len());
    match tape.below(6) {
        0 => output.swap(at, other),
        1 => {
            output.remove(at);
        }
        2 => output.insert(other, output[at].clone()),
        3 => output[at] = output[other].clone(),
        4 => {
            let with = tape.pick(&["1", "2", "x", "a: "]);
            output[at] = output[at].replacen(['1', '2', 'x'], with, 1);
        }
        _ => output[at].push_str(tape.pick(&["1", " x"])),
    }
}

/// The expectation as it is written.
fn written(model: &Model) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for section in &model.sections {
        match section.kind {
            Kind::Exact => {}
            Kind::Any => lines.push("@any".to_string()),
            Kind::Lanes => lines.push("@lanes".to_string()),
            Kind::Shared => lines.push("@shared".to_string()),
        }
        for line in &section.lines {
            let mut text: String =
                line.parts.iter().map(written_part).collect();
            for (index, label) in line.labels.iter().enumerate() {
                text.push_str(if index == 0 { "  #" } else { " #" });
                text.push(*label);
            }
            lines.push(text);
        }
        if section.kind != Kind::Exact {
            lines.push("@end".to_string());
        }
    }
    for (first, then) in &model.rules {
        lines.push(format!("@before {first} {then}"));
    }
    lines
}

fn written_part(part: &Part) -> String {
    match part {
        Part::Text(text) => text.to_string(),
        Part::Hole { name, kind, range } => {
            let name = name.map(String::from).unwrap_or_default();
            let end = |end: Option<i64>| {
                end.map(|end| end.to_string()).unwrap_or_default()
            };
            let range = range
                .map(|(low, high)| format!(" {}..{}", end(low), end(high)));
            format!("{{{name}:{kind}{}}}", range.unwrap_or_default())
        }
    }
}

/// The oracle. `places` has the pattern of each line chosen so far; lines are
/// taken in order.
struct Oracle<'m> {
    lines: Vec<(usize, Kind, &'m Line)>,
    output: &'m [String],
    rules: &'m [(char, char)],
}

impl<'m> Oracle<'m> {
    fn new(model: &'m Model, output: &'m [String]) -> Self {
        let mut lines = Vec::new();
        for (index, section) in model.sections.iter().enumerate() {
            for line in &section.lines {
                lines.push((index, section.kind, line));
            }
        }
        Oracle { lines, output, rules: &model.rules }
    }

    fn matches(&self) -> bool {
        self.lines.len() == self.output.len() && self.extend(&mut Vec::new())
    }

    /// Tries every pattern for the next line.
    fn extend(&self, places: &mut Vec<usize>) -> bool {
        if places.len() == self.output.len() {
            return self.holds(places);
        }
        (0..self.lines.len()).any(|pattern| {
            if places.contains(&pattern) || !self.may(places, pattern) {
                return false;
            }
            places.push(pattern);
            let found = self.extend(places);
            places.pop();
            found
        })
    }

    /// May the next line have this pattern, by the blocks alone?
    fn may(&self, places: &[usize], pattern: usize) -> bool {
        let next = places.len();
        let (section, kind, line) = self.lines[pattern];
        if self.lines[next].0 != section {
            return false;
        }
        let known = BTreeMap::new();
        let fits =
            !bindings(&line.parts, &self.output[next], &known).is_empty();
        let earlier_of_lane = |other: &usize| {
            let (other_section, _, other) = self.lines[*other];
            other_section == section
                && actor(&other.parts) == actor(&line.parts)
        };
        fits && match kind {
            Kind::Exact => pattern == next,
            Kind::Any => true,
            Kind::Lanes => (0..pattern)
                .filter(earlier_of_lane)
                .all(|earlier| places.contains(&earlier)),
            Kind::Shared => places.iter().enumerate().all(|(at, earlier)| {
                let same =
                    speaker(&self.output[at]) == speaker(&self.output[next]);
                self.lines[*earlier].0 != section || !same || *earlier < pattern
            }),
        }
    }

    /// Do the rules hold, and is there a text for each name?
    fn holds(&self, places: &[usize]) -> bool {
        let at = |label: char| {
            let labelled = move |(_, pattern): &(usize, &usize)| {
                self.lines[**pattern].2.labels.contains(&label)
            };
            places.iter().enumerate().filter(labelled).map(|(at, _)| at)
        };
        let rules_hold = self
            .rules
            .iter()
            .all(|(first, then)| at(*first).all(|a| at(*then).all(|b| a < b)));
        rules_hold && self.bind(places, 0, &BTreeMap::new())
    }

    fn bind(
        &self,
        places: &[usize],
        next: usize,
        known: &BTreeMap<char, String>,
    ) -> bool {
        let Some(pattern) = places.get(next) else { return true };
        let parts = &self.lines[*pattern].2.parts;
        bindings(parts, &self.output[next], known)
            .iter()
            .any(|known| self.bind(places, next + 1, known))
    }
}

/// What the names may stand for after this line: one answer for each way to
/// cut it.
fn bindings(
    parts: &[Part],
    text: &str,
    known: &BTreeMap<char, String>,
) -> Vec<BTreeMap<char, String>> {
    let Some((part, rest)) = parts.split_first() else {
        return if text.is_empty() { vec![known.clone()] } else { vec![] };
    };
    let (name, kind, range) = match part {
        Part::Text(literal) => {
            return match text.strip_prefix(literal) {
                Some(after) => bindings(rest, after, known),
                None => Vec::new(),
            };
        }
        Part::Hole { name, kind, range } => (name, kind, range),
    };
    let mut all = Vec::new();
    for end in 1..=text.len() {
        let (value, after) = text.split_at(end);
        if !is(kind, value) || !within(value, *range) {
            continue;
        }
        let mut now = known.clone();
        if let Some(name) = name {
            let same = known.get(name).is_none_or(|text| text == value);
            let pids = ['p', 'q', 'r'];
            let taken = pids.contains(name)
                && pids.iter().any(|other| {
                    other != name
                        && known.get(other).is_some_and(|t| t == value)
                });
            if !same || taken {
                continue;
            }
            now.insert(*name, value.to_string());
        }
        all.extend(bindings(rest, after, &now));
    }
    all
}

fn is(kind: &str, text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    match kind {
        "int" => text.parse::<i64>().is_ok(),
        "float" => {
            text.parse::<f64>().is_ok()
                && text.ends_with(digit)
                && text.trim_start_matches(['+', '-']).starts_with(digit)
        }
        "pid" => {
            text.parse::<u64>().is_ok_and(|n| n.to_string() == text && n > 0)
        }
        "word" => text.split_whitespace().collect::<Vec<_>>() == [text],
        _ => !text.is_empty(),
    }
}

fn within(text: &str, range: Option<(Option<i64>, Option<i64>)>) -> bool {
    let Some((low, high)) = range else { return true };
    let number: f64 = text.parse().expect("it is a number");
    low.is_none_or(|low| low as f64 <= number)
        && high.is_none_or(|high| number <= high as f64)
}

/// The verdict of the matcher, checked against itself: a match comes with a
/// proof, a mismatch with a report.
fn verdict(
    expectation: &Expectation,
    model: &Model,
    output: &[String],
) -> bool {
    match expectation.compare(&printed(output)) {
        Ok(matched) => {
            let oracle = Oracle::new(model, output);
            let mut places = Vec::new();
            for &pattern in &matched.order {
                assert!(!places.contains(&pattern));
                assert!(oracle.may(&places, pattern));
                places.push(pattern);
            }
            assert_eq!(places.len(), output.len());
            assert!(oracle.holds(&places), "no proof: {places:?}");
            true
        }
        Err(report) => {
            assert!(!report.faults.is_empty());
            let too_hard =
                report.faults.iter().any(|f| f.kind == FaultKind::TooHard);
            assert!(!too_hard);
            assert!(!report.render(&Style { color: true }).is_empty());
            false
        }
    }
}

#[test]
fn the_verdict_is_that_of_the_oracle() {
    let (matched, failed) = (Cell::new(0), Cell::new(0));
    let (ruled, open) = (Cell::new(0), Cell::new(0));
    tape::run(150, |tape| {
        let model = model(tape);
        let parsed = Expectation::parse(&source(written(&model)));
        let mut outputs = vec![output(tape, &model)];
        for _ in 0..4 {
            let mut output = output(tape, &model);
            for _ in 0..1 + tape.below(2) {
                mutate(tape, &mut output);
            }
            outputs.push(output);
        }
        for output in outputs {
            let expected = Oracle::new(&model, &output).matches();
            let expectation = match &parsed {
                Ok(expectation) => expectation,
                Err(errors) => {
                    let refused = |message: &str| {
                        errors.iter().all(|e| e.message.contains(message))
                    };
                    prop_assert!(refused("cannot hold"), "{errors:?}");
                    prop_assert!(!expected, "refused, but matches");
                    continue;
                }
            };
            let found = verdict(expectation, &model, &output);
            prop_assert_eq!(found, expected, "output {:#?}", output);
            let count = if expected { &matched } else { &failed };
            count.set(count.get() + 1);
            if expected && !model.rules.is_empty() {
                ruled.set(ruled.get() + 1);
            }
            if expected && expectation.has_open_order() {
                open.set(open.get() + 1);
            }
        }
        Ok(())
    });
    let (matched, failed) = (matched.get(), failed.get());
    println!("{matched} matched, {failed} failed, {} with rules", ruled.get());
    let all = matched + failed;
    assert!(matched * 4 > all, "too few match: {matched} of {all}");
    assert!(failed * 4 > all, "too few fail: {failed} of {all}");
    assert!(open.get() * 2 > matched && ruled.get() * 40 > matched);
}
