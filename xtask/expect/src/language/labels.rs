//! Labels at the ends of lines, and the rules among them: `@before a b`.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::expectation::{PatternLine, Rule};
use crate::language::complaint::Complaint;
use crate::language::suggest;

/// Takes the labels off the end of a line.
pub(super) fn split(source: &str) -> (&str, Vec<String>) {
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
    let mut rules_first: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, rule) in rules.iter().enumerate() {
        rules_first.entry(&rule.first).or_default().push(index);
    }
    let mut labels_with: HashMap<&str, HashSet<&str>> = HashMap::new();
    for line in patterns {
        for label in &line.labels {
            let with = labels_with.entry(label).or_default();
            with.extend(line.labels.iter().map(String::as_str));
        }
    }
    // One rule leads to another if a line comes second in it and first in
    // the other.
    let leads = |rule: &Rule| -> Vec<usize> {
        let with = labels_with.get(rule.then.as_str()).into_iter().flatten();
        let next = with.filter_map(|label| rules_first.get(label));
        next.flatten().copied().collect()
    };
    let leads: Vec<Vec<usize>> = rules.iter().map(leads).collect();
    // Takes away, again and again, the rules that no other leads to. What is
    // left is in a circle, or is led to from one.
    let mut led_to = vec![0; rules.len()];
    leads.iter().flatten().for_each(|next| led_to[*next] += 1);
    let mut free: Vec<usize> =
        (0..rules.len()).filter(|rule| led_to[*rule] == 0).collect();
    while let Some(rule) = free.pop() {
        for &next in &leads[rule] {
            led_to[next] -= 1;
            if led_to[next] == 0 {
                free.push(next);
            }
        }
    }
    let in_circle = |start: &usize| {
        let mut reached = vec![false; rules.len()];
        let mut open = vec![*start];
        while let Some(rule) = open.pop() {
            for &next in &leads[rule] {
                if !std::mem::replace(&mut reached[next], true) {
                    open.push(next);
                }
            }
        }
        reached[*start]
    };
    let left = (0..rules.len()).filter(|rule| led_to[*rule] > 0);
    let rule = &rules[left.into_iter().find(in_circle)?];
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
