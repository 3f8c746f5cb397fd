//! Labels at the ends of lines, and the rules among them: `@before a b`.

use std::collections::{BTreeMap, HashSet};

use crate::expectation::{PatternLine, Rule};
use crate::language::complaint::Complaint;
use crate::language::suggest;

/// Takes the labels off the end of a line.
pub(crate) fn split(source: &str) -> (&str, Vec<String>) {
    let none = (source, Vec::new());
    let Some(at) = source.rfind("  #") else { return none };
    let mut labels = Vec::new();
    for word in source[at..].split_whitespace() {
        match word.strip_prefix('#') {
            Some(label) if is_label(label) => labels.push(label.to_string()),
            _ => return none,
        }
    }
    labels.sort();
    labels.dedup();
    (source[..at].trim_end_matches(' '), labels)
}

fn is_label(text: &str) -> bool {
    let in_label = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    !text.is_empty() && text.bytes().all(in_label)
}

/// Reads what stands after `@before`.
pub(super) fn read_rule(
    source_line: usize,
    rest: &str,
) -> Result<Rule, Complaint> {
    let labels: Vec<&str> = rest.split_whitespace().collect();
    let [first, then] = labels[..] else {
        return Err(Complaint::new(
            format!("`@before` takes two labels, found {}", labels.len()),
            "write `@before a b`: every line labelled `a` comes before every \
             line labelled `b`",
        ));
    };
    for label in [first, then] {
        if is_label(label) {
            continue;
        }
        let bare = label.trim_start_matches('#');
        let help = if is_label(bare) {
            format!("write it without `#`: `{bare}`")
        } else {
            "a label is made of letters, digits, `_` and `-`".to_string()
        };
        return Err(Complaint::new(format!("bad label `{label}`"), help));
    }
    if first == then {
        let message = format!("`{first}` cannot come before itself");
        return Err(Complaint::new(message, "name two labels"));
    }
    let (first, then) = (first.to_string(), then.to_string());
    Ok(Rule { source_line, first, then })
}

/// Each label has a rule, and each rule its labels. `ruled` has all labels
/// named by rules, also by faulty ones.
pub(super) fn check_used(
    patterns: &[PatternLine],
    rules: &[Rule],
    mut ruled: HashSet<String>,
) -> Vec<Complaint> {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for line in patterns {
        for label in &line.labels {
            used.entry(label).or_insert(line.source_line);
        }
    }
    let mut errors = Vec::new();
    for rule in rules {
        for label in [&rule.first, &rule.then] {
            if used.contains_key(label.as_str()) {
                continue;
            }
            let near = suggest::nearest(label, used.keys().copied());
            ruled.extend(near.map(str::to_string));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "put it at the end of a line, after two spaces: \
                     `main: ready  #{label}`"
                ),
            };
            errors.push(Complaint {
                line: rule.source_line,
                message: format!("no line is labelled `{label}`"),
                help,
            });
        }
    }
    used.retain(|label, _| !ruled.contains(*label));
    errors.extend(used.into_iter().map(|(label, line)| Complaint {
        line,
        message: format!("no rule for the label `{label}`"),
        help: format!(
            "write `@before {label} other`, or take the label away; if the \
             output ends like that, let a hole stand for its end"
        ),
    }));
    errors
}

/// Do the rules ask for a line before itself? Then no output can meet them.
pub(super) fn check_contradiction(
    patterns: &[PatternLine],
    rules: &[Rule],
) -> Option<Complaint> {
    let mut together: HashSet<(&str, &str)> = HashSet::new();
    for line in patterns {
        for a in &line.labels {
            together.extend(line.labels.iter().map(|b| (&**a, &**b)));
        }
    }
    // One rule leads to another if a line comes second in it and first in
    // the other.
    let leads = |from: &Rule, to: &Rule| {
        together.contains(&(from.then.as_str(), to.first.as_str()))
    };
    let rule = rules.iter().find(|start| {
        let mut reached = vec![false; rules.len()];
        let mut open = vec![*start];
        while let Some(rule) = open.pop() {
            for (next, reached) in rules.iter().zip(&mut reached) {
                if leads(rule, next) && !*reached {
                    *reached = true;
                    open.push(next);
                }
            }
        }
        rules.iter().zip(reached).any(|(rule, r)| r && rule == *start)
    })?;
    let Rule { source_line, first, then } = rule;
    Some(Complaint {
        line: *source_line,
        message: format!(
            "`@before {first} {then}` cannot hold: by the other rules and \
             labels, a line labelled `{then}` comes before one labelled \
             `{first}`, or is that line"
        ),
        help: "take away one of the rules or labels that contradict each \
               other"
            .to_string(),
    })
}
