//! The actors of an expectation, and whether what is said of them agrees.

use std::collections::HashSet;

use crate::language::complaint::Complaint;
use crate::language::pattern::Pattern;
use crate::language::speakers::{self, Span, SpeakerRule};
use crate::language::suggest;

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

/// The actors, each once.
fn actors(patterns: &[&Pattern]) -> Vec<Pattern> {
    let mut seen = HashSet::new();
    let actors = patterns.iter().filter_map(|line| line.actor_pattern());
    actors.filter(|actor| seen.insert(actor.clone())).collect()
}

/// An actor that all of the patterns mean, if one is found.
fn common(patterns: &[&Pattern]) -> Option<String> {
    let mut samples = patterns.iter().map(|pattern| pattern.sample());
    samples.find(|actor| patterns.iter().all(|p| p.matches(actor)))
}

/// Does each rule name an actor, and none one that another names?
pub(super) fn check_rules(
    patterns: &[&Pattern],
    rules: &[SpeakerRule],
) -> Vec<Complaint> {
    let mut errors = Vec::new();
    let actors = actors(patterns);
    let mut named: Vec<(&SpeakerRule, &Pattern)> = Vec::new();
    for rule in rules {
        let Some(wanted) = &rule.actors else { continue };
        let mut own = actors.iter();
        if !own.any(|actor| common(&[actor, wanted]).is_some()) {
            errors.push(no_actor(wanted, &actors).at(rule.source_line));
        }
        let both = named.iter().find_map(|(earlier, other)| {
            let mut actors = actors.iter();
            let actor = actors.find_map(|a| common(&[a, wanted, other]))?;
            Some((earlier, actor))
        });
        if let Some((earlier, actor)) = both {
            let message = format!(
                "`{rule}` and the `{earlier}` of line {} both name `{actor}`",
                earlier.source_line
            );
            let help =
                "one rule says of an actor what it is: keep one of the two";
            errors.push(Complaint::new(message, help).at(rule.source_line));
        }
        named.push((rule, wanted));
    }
    let mut rest = rules.iter().filter(|rule| rule.actors.is_none());
    let Some(first) = rest.next() else { return errors };
    if let Some(second) = rest.next() {
        let message = format!(
            "`{second}` and the `{first}` of line {} both take all actors that \
             no other rule names",
            first.source_line
        );
        let help = "write which actors after it: `@threads worker {:int}`";
        errors.push(Complaint::new(message, help).at(second.source_line));
    }
    let is_left = |actor: &Pattern| {
        !named.iter().any(|(_, wanted)| wanted.matches(&actor.sample()))
    };
    if !actors.iter().any(is_left) {
        let message = format!("no actor is left for `{first}`");
        let help = format!("take it away; {ACTOR}");
        errors.push(Complaint::new(message, help).at(first.source_line));
    }
    errors
}

const ACTOR: &str = "the actor is the text before the first `: ` of a line";

fn no_actor(wanted: &Pattern, actors: &[Pattern]) -> Complaint {
    let actors: Vec<String> = actors.iter().map(Pattern::to_string).collect();
    let known = actors.iter().map(String::as_str);
    let help = match suggest::nearest(&wanted.to_string(), known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if actors.is_empty() => ACTOR.to_string(),
        None => format!("the actors are `{}`", actors.join("`, `")),
    };
    let message = format!("no actor of the expectation is `{wanted}`");
    Complaint::new(message, help)
}

/// Does each actor with one end of a span have the other?
pub(super) fn check_spans(
    patterns: &[&Pattern],
    spans: &[Span],
) -> Vec<Complaint> {
    let actors = actors(patterns);
    let check = |span: &Span| {
        let Span { source_line, from, to } = span;
        let mut found = false;
        for actor in &actors {
            let own = patterns
                .iter()
                .filter(|line| line.actor_pattern().as_ref() == Some(actor));
            let texts: Vec<String> =
                own.map(|line| line.literals().join(" ")).collect();
            let has = |word: &str| {
                let mut says = texts.iter().map(|text| speakers::what(text));
                says.any(|text| speakers::has_word(text, word))
            };
            let (there, missing) = match (has(from), has(to)) {
                (true, false) => (from, to),
                (false, true) => (to, from),
                (both, _) => {
                    found |= both;
                    continue;
                }
            };
            let message = format!(
                "`{actor}` has a line with `{there}`, but none with `{missing}`"
            );
            let help = "name two words of which each actor has both or neither";
            return Some(Complaint::new(message, help).at(*source_line));
        }
        let message = format!("no actor has lines with `{from}` and `{to}`");
        let help = "name a word of the line where a stretch begins, and one \
                    of the line where it ends";
        (!found).then(|| Complaint::new(message, help).at(*source_line))
    };
    spans.iter().filter_map(check).collect()
}
