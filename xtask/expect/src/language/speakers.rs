//! Who is to speak: `@threads`, `@processes`, `@tasks`, `@peak`, and what else
//! is said of actors, `@span` and the lines of `@shared`.

use std::fmt;

use crate::language::complaint::Complaint;
use crate::language::hole::{self, HoleType};
use crate::language::number::{self, Range};
use crate::language::pattern::Pattern;
use crate::language::suggest;

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
fn what(line: &str) -> &str {
    line.split_once(": ").map_or(line, |(_, what)| what)
}

fn has_word(text: &str, word: &str) -> bool {
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
        let found =
            if rest.is_empty() { "nothing".into() } else { quote(rest) };
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

fn quote(text: &str) -> String {
    format!("`{text}`")
}

/// Is the line one that actors can share out?
pub(super) fn check_shared(
    pattern: &Pattern,
    labels: &[String],
) -> Result<(), Complaint> {
    let actor = pattern.actor_pattern();
    if actor.is_none_or(|actor| actor.holes().is_empty()) {
        return Err(Complaint::new(
            "a line of a `@shared` block without a hole for its actor",
            "write `worker {:int}: what happened`: any actor may take the line",
        ));
    }
    let mut names = pattern.holes().iter().filter_map(|h| h.name.as_ref());
    if let Some(name) = names.next() {
        return Err(Complaint::new(
            format!("the name `{name}` in a line of a `@shared` block"),
            "leave the hole without a name, or use `@any`",
        ));
    }
    if let Some(label) = labels.first() {
        return Err(Complaint::new(
            format!("the label `{label}` at a line of a `@shared` block"),
            "take it away, or use `@any` or `@lanes`",
        ));
    }
    Ok(())
}

/// The actors of an expectation, each once.
fn actors(patterns: &[&Pattern]) -> Vec<Pattern> {
    let mut actors: Vec<Pattern> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for pattern in patterns {
        let actor = pattern.actor_pattern();
        actors.extend(actor.filter(|actor| seen.insert(actor.clone())));
    }
    actors
}

/// Is there an actor that both patterns mean?
fn overlap(a: &Pattern, b: &Pattern) -> bool {
    a.matches(&b.sample()) || b.matches(&a.sample())
}

/// Does each rule name an actor, and none one that another names?
pub(super) fn check_rules(
    patterns: &[&Pattern],
    rules: &[SpeakerRule],
) -> Vec<Complaint> {
    let mut errors = Vec::new();
    if rules.is_empty() {
        return errors;
    }
    let actors = actors(patterns);
    let named: Vec<&SpeakerRule> =
        rules.iter().filter(|rule| rule.actors.is_some()).collect();
    for (index, rule) in named.iter().enumerate() {
        let Some(wanted) = &rule.actors else { continue };
        let own = actors.iter().filter(|actor| overlap(wanted, actor));
        let own: Vec<&Pattern> = own.collect();
        if own.is_empty() {
            errors.push(no_actor(rule, wanted, &actors));
            continue;
        }
        for earlier in &named[..index] {
            let Some(other) = &earlier.actors else { continue };
            let both = own.iter().find_map(|actor| {
                let samples = [actor.sample(), wanted.sample(), other.sample()];
                samples.into_iter().find(|text| {
                    [*actor, wanted, other].iter().all(|p| p.matches(text))
                })
            });
            if let Some(actor) = both {
                errors.push(claimed(rule, earlier, &actor));
                break;
            }
        }
    }
    let mut rest = rules.iter().filter(|rule| rule.actors.is_none());
    let Some(first) = rest.next() else { return errors };
    if let Some(second) = rest.next() {
        errors.push(Complaint {
            line: second.source_line,
            message: format!(
                "`{second}` and the `{first}` of line {} both take all actors \
                 that no other rule names",
                first.source_line
            ),
            help: "write which actors after it: `@threads worker {:int}`"
                .to_string(),
        });
    }
    let is_left = |actor: &Pattern| {
        let whole = |rule: &&SpeakerRule| {
            rule.actors.as_ref().is_some_and(|a| a.matches(&actor.sample()))
        };
        !named.iter().any(whole)
    };
    if !actors.iter().any(is_left) {
        errors.push(Complaint {
            line: first.source_line,
            message: format!("no actor is left for `{first}`"),
            help: "take it away; the actor is the text before the first `: ` \
                   of a line"
                .to_string(),
        });
    }
    errors
}

fn no_actor(
    rule: &SpeakerRule,
    wanted: &Pattern,
    actors: &[Pattern],
) -> Complaint {
    let actors: Vec<String> = actors.iter().map(Pattern::to_string).collect();
    let near = suggest::nearest(
        &wanted.to_string(),
        actors.iter().map(String::as_str),
    );
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if actors.is_empty() => {
            "the actor is the text before the first `: ` of a line".to_string()
        }
        None => {
            let actors = actors.iter().map(|actor| quote(actor));
            let actors = actors.collect::<Vec<_>>().join(", ");
            format!("the actors are {actors}")
        }
    };
    Complaint {
        line: rule.source_line,
        message: format!("no actor of the expectation is `{wanted}`"),
        help,
    }
}

fn claimed(
    rule: &SpeakerRule,
    earlier: &SpeakerRule,
    actor: &str,
) -> Complaint {
    Complaint {
        line: rule.source_line,
        message: format!(
            "`{rule}` and the `{earlier}` of line {} both name `{actor}`",
            earlier.source_line
        ),
        help: "one rule says of an actor what it is: keep one of the two"
            .to_string(),
    }
}

/// Does each actor with one end of a span have the other?
pub(super) fn check_spans(
    patterns: &[&Pattern],
    spans: &[Span],
) -> Vec<Complaint> {
    let mut errors = Vec::new();
    for span in spans {
        let mut found = false;
        for actor in actors(patterns) {
            let own = patterns.iter().filter(|line| {
                line.actor_pattern().is_some_and(|own| own == actor)
            });
            let texts: Vec<String> =
                own.map(|line| line.literals().join(" ")).collect();
            let has = |word: &str| {
                texts.iter().any(|text| has_word(what(text), word))
            };
            let (from, to) = (has(&span.from), has(&span.to));
            found |= from && to;
            if from != to {
                let (there, other) = if from {
                    (&span.from, &span.to)
                } else {
                    (&span.to, &span.from)
                };
                errors.push(Complaint {
                    line: span.source_line,
                    message: format!(
                        "`{actor}` has a line with `{there}`, but none with \
                         `{other}`"
                    ),
                    help: "name two words of which each actor has both or \
                           neither"
                        .to_string(),
                });
                found = true;
                break;
            }
        }
        if !found {
            errors.push(Complaint {
                line: span.source_line,
                message: format!(
                    "no actor has lines with `{}` and `{}`",
                    span.from, span.to
                ),
                help: "name a word of the line where a stretch begins, and \
                       one of the line where it ends"
                    .to_string(),
            });
        }
    }
    errors
}
