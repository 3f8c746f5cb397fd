//! Where a line departs from a pattern it almost matches.

use std::ops::Range;

use crate::language::pattern::Pattern;

/// The part of `line` that differs from the pattern. It is empty where only
/// something is missing.
pub(super) fn difference(pattern: &Pattern, line: &str) -> Range<usize> {
    let prefix = prefix(pattern, line);
    let literals = pattern.literals();
    let last = literals.last().map_or("", String::as_str);
    let left = match prefix.in_last {
        Some(used) => &last[used..],
        None => last,
    };
    let rest = &line[prefix.bytes..];
    let suffix = common(left.chars().rev(), rest.chars().rev());
    prefix.bytes..line.len() - suffix
}

/// How much of the line and the pattern agree, in percent, when the first
/// `known` bytes are not counted.
pub(super) fn likeness(pattern: &Pattern, line: &str, known: usize) -> usize {
    let literal: usize = pattern.literals().iter().map(String::len).sum();
    let whole = literal.max(line.len()).saturating_sub(known);
    let agreed = line.len() - difference(pattern, line).len();
    100 * agreed.saturating_sub(known) / whole.max(1)
}

struct Prefix {
    bytes: usize,
    /// How many bytes of the last literal are in it, if it goes so far.
    in_last: Option<usize>,
}

/// How far the line agrees with the pattern from its start.
fn prefix(pattern: &Pattern, line: &str) -> Prefix {
    let literals = pattern.literals();
    let mut bytes = 0;
    for (index, literal) in literals.iter().enumerate() {
        let is_last = index + 1 == literals.len();
        let same = common(literal.chars(), line[bytes..].chars());
        bytes += same;
        if same < literal.len() || is_last {
            return Prefix { bytes, in_last: is_last.then_some(same) };
        }
        let hole = &pattern.holes()[index];
        let rest = &line[bytes..];
        let next = literals[index + 1].as_str();
        let found = if next.is_empty() { None } else { rest.find(next) };
        let end = found.unwrap_or_else(|| hole.kind.reach(rest));
        if !hole.accepts(&rest[..end]) {
            break;
        }
        bytes += end;
    }
    Prefix { bytes, in_last: None }
}

/// How many bytes two texts have in common.
fn common(
    a: impl Iterator<Item = char>,
    b: impl Iterator<Item = char>,
) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(pattern: &str, line: &str) -> String {
        let pattern = Pattern::parse(pattern).unwrap_or_else(|_| panic!());
        line[difference(&pattern, line)].to_string()
    }

    #[test]
    fn only_what_differs() {
        assert_eq!(differs("total 10", "total 100"), "0");
        assert_eq!(differs("total 100", "total 10"), "");
        assert_eq!(differs("ann: off, lap 1", "ann: on, lap 1"), "n");
        assert_eq!(differs("n {:int} of 3", "n 12 of 4"), "4");
        assert_eq!(differs("n {:int} of 3", "n x of 3"), "x");
        assert_eq!(differs("{:word} said {:text}", "ann sang la"), "ng la");
        assert_eq!(differs("é {:int}.", "è 1."), "è 1");
    }
}
