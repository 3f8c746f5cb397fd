//! One line of an expectation, and whether a line of output matches it.

use std::collections::HashSet;
use std::fmt;
use std::ops::{ControlFlow, Range};

use crate::language::complaint::Complaint;
use crate::language::hole::{Hole, HoleType};

/// What one line of output has to look like: texts with holes between them.
///
/// A line matches as a whole, never a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// One more than there are holes. Only the first and the last may be
    /// empty.
    literals: Vec<String>,
    holes: Vec<Hole>,
}

/// Are ranges looked at?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ranges {
    Checked,
    Ignored,
}

impl Pattern {
    /// Reads a pattern; labels must have been taken off.
    pub(crate) fn parse(text: &str) -> Result<Pattern, Vec<Complaint>> {
        let mut pattern =
            Pattern { literals: vec![String::new()], holes: Vec::new() };
        let mut errors = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            pattern.push_literal(&rest[..at]);
            let brace = &rest[at..at + 1];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                pattern.push_literal(brace);
                rest = after;
                continue;
            }
            let close = rest.find('}');
            let (Some(close), "{") = (close, brace) else {
                errors.push(lone_brace(brace));
                continue;
            };
            match Hole::parse(&rest[..close]) {
                Ok(hole) => {
                    if let Some(error) = pattern.push_hole(hole) {
                        errors.push(error);
                    }
                }
                Err(error) => errors.push(error),
            }
            rest = &rest[close + 1..];
        }
        pattern.push_literal(rest);
        if errors.is_empty() { Ok(pattern) } else { Err(errors) }
    }

    /// The pattern of this text alone.
    pub(crate) fn literal(text: &str) -> Pattern {
        Pattern { literals: vec![text.to_string()], holes: Vec::new() }
    }

    fn push_literal(&mut self, text: &str) {
        if let Some(last) = self.literals.last_mut() {
            last.push_str(text);
        }
    }

    fn push_hole(&mut self, hole: Hole) -> Option<Complaint> {
        let touches = self.literals.last().is_some_and(String::is_empty);
        let left = self.holes.last().filter(|_| touches);
        let touching = left.map(|left| {
            Complaint::new(
                format!("nothing stands between `{left}` and `{hole}`"),
                "where one hole ends must be seen: put a text between them, \
                 or write one hole for both",
            )
        });
        self.holes.push(hole);
        self.literals.push(String::new());
        touching
    }

    /// The holes, from left to right.
    pub fn holes(&self) -> &[Hole] {
        &self.holes
    }

    /// The text of a pattern without holes.
    pub fn as_literal(&self) -> Option<&str> {
        self.holes.is_empty().then(|| self.literals[0].as_str())
    }

    /// The texts between the holes: one more than there are holes.
    pub(crate) fn literals(&self) -> &[String] {
        &self.literals
    }

    /// Who prints the line: the text before the first `: `. `None` if there
    /// is no such text, or if it is not known beforehand.
    pub fn actor(&self) -> Option<&str> {
        actor(&self.literals[0])
    }

    /// What the text before the first `: ` looks like.
    pub(crate) fn actor_pattern(&self) -> Option<Pattern> {
        let colon = |text: &String| text.find(": ");
        let (last, at) = self
            .literals
            .iter()
            .enumerate()
            .find_map(|(index, text)| Some((index, colon(text)?)))?;
        let mut literals = self.literals[..=last].to_vec();
        literals[last].truncate(at);
        let actor = Pattern { literals, holes: self.holes[..last].to_vec() };
        (actor.as_literal() != Some("")).then_some(actor)
    }

    /// A text that matches, if its holes are unnamed.
    pub(super) fn sample(&self) -> String {
        let mut text = self.literals[0].clone();
        for (hole, literal) in self.holes.iter().zip(&self.literals[1..]) {
            text.push_str(hole.sample());
            text.push_str(literal);
        }
        text
    }

    /// How the pattern looks without the names of its holes.
    pub(crate) fn shape(&self) -> String {
        let mut shape = self.clone();
        shape.holes.iter_mut().for_each(|hole| hole.name = None);
        shape.to_string()
    }

    /// Does `line` match, the names of the holes left aside?
    pub fn matches(&self, line: &str) -> bool {
        match self.holes.as_slice() {
            [] => line == self.literals[0],
            [hole] => self.middle(line).is_some_and(|text| hole.accepts(text)),
            _ => self.captures(line, Ranges::Checked).is_some(),
        }
    }

    /// The texts the holes stand for in `line`, in the first way it matches.
    pub(crate) fn captures<'t>(
        &self,
        line: &'t str,
        ranges: Ranges,
    ) -> Option<Vec<&'t str>> {
        let mut first = None;
        self.for_each_split(line, ranges, &mut |texts| {
            first = Some(texts.to_vec());
            ControlFlow::Break(())
        });
        first
    }

    /// Calls `visit` with the texts of the holes, for each way in which
    /// `line` matches.
    pub(crate) fn for_each_split<'t>(
        &self,
        line: &'t str,
        ranges: Ranges,
        visit: &mut dyn FnMut(&[&'t str]) -> ControlFlow<()>,
    ) {
        if self.holes.is_empty() {
            if line == self.literals[0] {
                let _ = visit(&[]);
            }
            return;
        }
        if let Some(text) = self.middle(line) {
            let mut split = Split {
                pattern: self,
                ranges,
                text,
                texts: Vec::with_capacity(self.holes.len()),
                dead_spans: vec![0..0; self.holes.len()],
                dead: HashSet::new(),
                visit,
            };
            let _ = split.descend(0);
        }
    }

    /// `line` without the literals at its ends.
    fn middle<'t>(&self, line: &'t str) -> Option<&'t str> {
        let (first, last) = (self.literals.first()?, self.literals.last()?);
        line.strip_prefix(first.as_str())?.strip_suffix(last.as_str())
    }
}

/// Who printed `line`: the text before the first `: `.
pub(crate) fn actor(line: &str) -> Option<&str> {
    line.split_once(": ").map(|(actor, _)| actor).filter(|a| !a.is_empty())
}

fn lone_brace(brace: &str) -> Complaint {
    let what = if brace == "{" { "is not closed" } else { "was not opened" };
    Complaint::new(
        format!("the brace `{brace}` {what}"),
        format!(
            "write a hole as `{{:int}}`, a brace of the output as \
             `{brace}{brace}`"
        ),
    )
}

/// The search for all ways to cut a text at the literals between the holes.
struct Split<'p, 't, 'v> {
    pattern: &'p Pattern,
    ranges: Ranges,
    text: &'t str,
    texts: Vec<&'t str>,
    /// For each hole the last span of starts from which no way leads to the
    /// end. A text or a word that starts later has no end the earlier one did
    /// not have.
    dead_spans: Vec<Range<usize>>,
    /// The same for numbers: holes and single starts.
    dead: HashSet<(usize, usize)>,
    visit: &'v mut dyn FnMut(&[&'t str]) -> ControlFlow<()>,
}

impl<'t> Split<'_, 't, '_> {
    /// Fills the holes not filled yet, from the byte `start` on. Says
    /// whether there was a way.
    fn descend(&mut self, start: usize) -> ControlFlow<(), bool> {
        let index = self.texts.len();
        let rest = &self.text[start..];
        if index + 1 == self.pattern.holes.len() {
            if !self.accepts(index, rest) {
                return ControlFlow::Continue(false);
            }
            self.texts.push(rest);
            let flow = (self.visit)(&self.texts);
            self.texts.pop();
            flow?;
            return ControlFlow::Continue(true);
        }
        let dead = self.dead_spans[index].contains(&start)
            || self.dead.contains(&(index, start));
        if dead {
            return ControlFlow::Continue(false);
        }
        let separator = &self.pattern.literals[index + 1];
        let kind = self.pattern.holes[index].kind;
        let reach = kind.reach(rest);
        let window = &rest[..floor_boundary(rest, reach + separator.len())];
        let mut found = false;
        let mut from = next_boundary(window, 0);
        while let Some(at) = window[from..].find(separator.as_str()) {
            let end = from + at;
            if self.accepts(index, &rest[..end]) {
                self.texts.push(&rest[..end]);
                let below = self.descend(start + end + separator.len());
                self.texts.pop();
                found |= below?;
            }
            from = next_boundary(window, end);
        }
        if !found {
            if matches!(kind, HoleType::Text | HoleType::Word) {
                self.dead_spans[index] = start..start + reach;
            } else {
                self.dead.insert((index, start));
            }
        }
        ControlFlow::Continue(found)
    }

    fn accepts(&self, index: usize, text: &str) -> bool {
        let hole = &self.pattern.holes[index];
        match self.ranges {
            Ranges::Checked => hole.accepts(text),
            Ranges::Ignored => hole.accepts_any_number(text),
        }
    }
}

/// The start of the character after the one that starts at `at`.
fn next_boundary(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The last start of a character at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, literal) in self.literals.iter().enumerate() {
            if index > 0 {
                self.holes[index - 1].fmt(f)?;
            }
            f.write_str(&literal.replace('{', "{{").replace('}', "}}"))?;
        }
        Ok(())
    }
}
