//! Who is to speak: `@threads`, `@processes`, `@tasks`, `@peak`; and what of it
//! pictures show: `@span`.

use std::fmt;

use crate::language::complaint::Complaint;
use crate::language::hole::{self, HoleType};
use crate::language::number::{self, Range};
use crate::language::pattern::Pattern;
use crate::language::settings;

/// `@threads`, `@processes` or `@tasks`, with or without a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeakerRule {
    /// Its number in the file.
    pub source_line: usize,
    /// What the actors are.
    pub kind: SpeakerKind,
    /// Which actors; `None` for all that no other rule names.
    pub actors: Option<Pattern>,
}

/// What actors are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpeakerKind {
    /// `@threads`: each a thread of the first process.
    Threads,
    /// `@processes`: each a process.
    Processes,
    /// `@tasks`: all of them one thread.
    Tasks,
}

impl SpeakerKind {
    /// Its directive.
    pub fn name(self) -> &'static str {
        match self {
            SpeakerKind::Threads => "@threads",
            SpeakerKind::Processes => "@processes",
            SpeakerKind::Tasks => "@tasks",
        }
    }
}

impl SpeakerRule {
    /// Does the rule name the actor?
    pub fn names(&self, actor: &str) -> bool {
        self.actors.as_ref().is_some_and(|actors| actors.matches(actor))
    }
}

impl fmt::Display for SpeakerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        self.actors.as_ref().map_or(Ok(()), |actors| write!(f, " {actors}"))
    }
}

/// `@peak 2.. threads`: how many are alive at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeakRule {
    /// Its number in the file.
    pub source_line: usize,
    /// How many, both ends included.
    pub count: Range,
    /// Of what.
    pub of: Peak,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Peak {
    /// Threads, the initial ones of their processes left aside.
    Threads,
    /// Processes, the first left aside.
    Processes,
}

impl Peak {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Peak::Threads => "threads",
            Peak::Processes => "processes",
        }
    }
}

impl PeakRule {
    /// The number or the range, as it is written.
    pub(crate) fn wanted(&self) -> String {
        match (&self.count.low, &self.count.high) {
            (Some(low), Some(high)) if low == high => low.clone(),
            _ => self.count.to_string(),
        }
    }
}

impl PeakRule {
    /// May there be so many?
    pub(crate) fn allows(&self, seen: usize) -> bool {
        self.count.contains_int(&seen.to_string())
    }

    /// Are so many too few?
    pub(crate) fn is_short(&self, seen: usize) -> bool {
        let low = self.count.low.as_deref().unwrap_or("0");
        number::cmp_int(&seen.to_string(), low).is_lt()
    }
}

impl fmt::Display for PeakRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@peak {} {}", self.wanted(), self.of.name())
    }
}

/// `@span inside leaving`: what an actor does between the two is drawn as one
/// stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its number in the file.
    pub source_line: usize,
    /// The word of the line where a stretch begins.
    pub from: String,
    /// The word of the line where it ends.
    pub to: String,
}

impl Span {
    /// Does a stretch begin with this line of output?
    pub fn begins(&self, line: &str) -> bool {
        has_word(what(line), &self.from)
    }

    /// Does a stretch end with this line of output?
    pub fn ends(&self, line: &str) -> bool {
        has_word(what(line), &self.to)
    }
}

/// What a line says, without who says it.
pub(super) fn what(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, what)| what)
}

pub(super) fn has_word(text: &str, word: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.split(|c| !inner(c)).any(|found| found == word)
}

/// Reads what stands after `@threads`, `@processes` or `@tasks`.
pub(super) fn read_rule(
    source_line: usize,
    kind: SpeakerKind,
    rest: &str,
) -> Result<SpeakerRule, Complaint> {
    if rest.is_empty() {
        return Ok(SpeakerRule { source_line, kind, actors: None });
    }
    let actors = Pattern::parse(rest)
        .map_err(|mut complaints| complaints.swap_remove(0))?;
    let name = kind.name();
    if let Some(hole) = actors.holes().iter().find(|hole| hole.name.is_some()) {
        let message = format!("the hole `{hole}` of `{name}` has a name");
        let mut unnamed = hole.clone();
        unnamed.name = None;
        return Err(Complaint::new(message, format!("write `{unnamed}`")));
    }
    if actors.actor_pattern().is_some() {
        let message = format!("`{name}` takes an actor, found `{rest}`");
        let help = "write what stands before the first `: ` of its lines";
        return Err(Complaint::new(message, help));
    }
    Ok(SpeakerRule { source_line, kind, actors: Some(actors) })
}

/// Reads what stands after `@peak`.
pub(super) fn read_peak(
    source_line: usize,
    rest: &str,
    known: &[PeakRule],
) -> Result<PeakRule, Complaint> {
    let help = "write `@peak 5 threads`, `@peak 2.. processes` or \
                `@peak 2..4 threads`; both ends are included";
    let bad = |why: String| Complaint::new(why, help);
    let words: Vec<&str> = rest.split_whitespace().collect();
    let [count, of] = words[..] else {
        let found = settings::found(rest);
        return Err(bad(format!(
            "`@peak` takes a number and `threads` or `processes`, found \
             {found}"
        )));
    };
    let of = match of {
        "threads" | "thread" => Peak::Threads,
        "processes" | "process" => Peak::Processes,
        other => {
            let message = format!("`@peak` counts no `{other}`");
            return Err(bad(message));
        }
    };
    let is_count = |text: &str| number::is_int(text) && !text.starts_with('-');
    let count = if is_count(count) {
        Range { low: Some(count.to_string()), high: Some(count.to_string()) }
    } else {
        hole::parse_range(count, HoleType::Int)
            .map_err(|complaint| bad(complaint.message))?
    };
    if let Some(first) = known.iter().find(|peak| peak.of == of) {
        let (of, line) = (of.name(), first.source_line);
        let message = format!("`@peak` of {of} again, after line {line}");
        return Err(Complaint::new(message, "keep one of the two"));
    }
    Ok(PeakRule { source_line, count, of })
}

/// Reads what stands after `@span`.
pub(super) fn read_span(
    source_line: usize,
    rest: &str,
) -> Result<Span, Complaint> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    match words[..] {
        [from, to] if from != to => {
            let (from, to) = (from.to_string(), to.to_string());
            Ok(Span { source_line, from, to })
        }
        _ => Err(Complaint::new(
            format!("`@span` takes two different words, found `{rest}`"),
            "write `@span inside leaving`: a word of the line where a stretch \
             begins, and one of the line where it ends",
        )),
    }
}
