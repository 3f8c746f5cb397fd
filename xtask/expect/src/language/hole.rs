//! One hole of a pattern: `{name:type range}`.

use std::cmp::Ordering;
use std::fmt;

use crate::language::complaint::Complaint;
use crate::language::number::{self, Range};
use crate::language::suggest;

/// The part of a pattern that stands for a text not known beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hole {
    /// Holes of one name stand for one text everywhere.
    pub name: Option<String>,
    /// What the text looks like.
    pub kind: HoleType,
    /// What the number may be. Only numbers have a range.
    pub range: Option<Range>,
}

/// The types of holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoleType {
    /// A whole number: an optional sign and digits.
    Int,
    /// A number, whole or not.
    Float,
    /// A run without blanks.
    Word,
    /// Any text that is not empty.
    Text,
    /// The id of a process or thread.
    Pid,
}

const TYPES: [(&str, HoleType); 5] = [
    ("int", HoleType::Int),
    ("float", HoleType::Float),
    ("word", HoleType::Word),
    ("text", HoleType::Text),
    ("pid", HoleType::Pid),
];

impl HoleType {
    /// Its name in the expectation.
    pub fn name(self) -> &'static str {
        match self {
            HoleType::Int => "int",
            HoleType::Float => "float",
            HoleType::Word => "word",
            HoleType::Text => "text",
            HoleType::Pid => "pid",
        }
    }

    /// Is `text` of this type?
    fn accepts(self, text: &str) -> bool {
        match self {
            HoleType::Int => number::is_int(text),
            HoleType::Float => number::is_float(text),
            HoleType::Word => {
                !text.is_empty() && !text.contains(char::is_whitespace)
            }
            HoleType::Text => !text.is_empty(),
            HoleType::Pid => number::is_pid(text),
        }
    }

    /// How many bytes at the start of `text` can belong to a text of this
    /// type at most.
    pub(crate) fn reach(self, text: &str) -> usize {
        let stop = match self {
            HoleType::Int => {
                text.find(|c: char| !matches!(c, '0'..='9' | '+' | '-'))
            }
            HoleType::Float => text.find(|c: char| {
                !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')
            }),
            HoleType::Word => text.find(char::is_whitespace),
            HoleType::Text => None,
            HoleType::Pid => text.find(|c: char| !c.is_ascii_digit()),
        };
        stop.unwrap_or(text.len())
    }
}

impl Hole {
    /// Does the hole stand for `text`, its name left aside?
    pub fn accepts(&self, text: &str) -> bool {
        self.kind.accepts(text) && self.in_range(text)
    }

    /// Does the hole stand for `text`, its name and its range left aside?
    pub(super) fn accepts_any_number(&self, text: &str) -> bool {
        self.kind.accepts(text)
    }

    /// Is the number `text` in the range, if there is one?
    pub(crate) fn in_range(&self, text: &str) -> bool {
        match (&self.range, self.kind) {
            (None, _) => true,
            (Some(range), HoleType::Float) => range.contains_float(text),
            (Some(range), _) => range.contains_int(text),
        }
    }

    /// A text for which it stands.
    pub(super) fn sample(&self) -> &str {
        let range = self.range.as_ref();
        let end = range.and_then(|r| r.low.as_deref().or(r.high.as_deref()));
        end.unwrap_or(match self.kind {
            HoleType::Word | HoleType::Text => "x",
            HoleType::Int | HoleType::Float | HoleType::Pid => "1",
        })
    }

    /// Reads what stands between the braces.
    pub(super) fn parse(inside: &str) -> Result<Hole, Complaint> {
        let Some((name, rest)) = inside.split_once(':') else {
            return Err(without_type(inside));
        };
        let (kind, range) = match rest.split_once(' ') {
            Some((kind, range)) => (kind, Some(range)),
            None => (rest, None),
        };
        if !name.is_empty() && !is_name(name) {
            return Err(Complaint::new(
                format!("`{name}` cannot name a hole"),
                "a name is made of ASCII letters, digits and `_`, and does \
                 not begin with a digit",
            ));
        }
        let kind = parse_type(kind, inside)?;
        let range = range.map(|range| parse_range(range, kind)).transpose()?;
        let name = (!name.is_empty()).then(|| name.to_string());
        Ok(Hole { name, kind, range })
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        write!(f, "{{{name}:{}", self.kind.name())?;
        if let Some(range) = &self.range {
            write!(f, " {range}")?;
        }
        f.write_str("}")
    }
}

fn without_type(inside: &str) -> Complaint {
    let known = TYPES.iter().any(|(name, _)| *name == inside);
    let help = if known {
        format!("write `{{:{inside}}}`, or `{{{{{inside}}}}}` for that text")
    } else if is_name(inside) {
        format!(
            "write `{{{inside}:text}}` for a hole of that name, or \
             `{{{{{inside}}}}}` for that text"
        )
    } else {
        "write a hole as `{:int}`, a brace of the output as `{{` or `}}`"
            .to_string()
    };
    Complaint::new(format!("the hole `{{{inside}}}` has no type"), help)
}

fn parse_type(kind: &str, inside: &str) -> Result<HoleType, Complaint> {
    if let Some((_, found)) = TYPES.iter().find(|(name, _)| *name == kind) {
        return Ok(*found);
    }
    if let Some((name, kind)) = inside.split_once(": ")
        && TYPES.iter().any(|(known, _)| *known == kind.trim())
    {
        return Err(Complaint::new(
            format!("a blank before the type in the hole `{{{inside}}}`"),
            format!("write `{{{name}:{}}}`", kind.trim()),
        ));
    }
    let names = TYPES.map(|(name, _)| name);
    let known = "the types are int, float, word, text and pid";
    let help = match suggest::nearest(kind, names) {
        Some(near) => format!("did you mean `{near}`? ({known})"),
        None => format!("{known}; a brace of the output is `{{{{` or `}}}}`"),
    };
    let message = if kind.is_empty() {
        format!("the hole `{{{inside}}}` has no type")
    } else {
        format!("unknown type `{kind}` in the hole `{{{inside}}}`")
    };
    Err(Complaint::new(message, help))
}

/// Reads a range of numbers of that type.
pub(super) fn parse_range(
    range: &str,
    kind: HoleType,
) -> Result<Range, Complaint> {
    type Compare = fn(&str, &str) -> Ordering;
    let (is_number, compare): (fn(&str) -> bool, Compare) = match kind {
        HoleType::Int => (number::is_int, number::cmp_int),
        HoleType::Float => (is_finite, number::cmp_float),
        other => {
            let other = other.name();
            return Err(Complaint::new(
                format!("a hole of type `{other}` has no range"),
                format!(
                    "write `{{:{other}}}`; only `int` and `float` have ranges"
                ),
            ));
        }
    };
    let bad = |why: &str| {
        Complaint::new(
            format!("bad range `{range}`: {why}"),
            format!(
                "write `{{:{0} 3..9}}`, `{{:{0} 3..}}` or `{{:{0} ..9}}`; \
                 both ends are included",
                kind.name()
            ),
        )
    };
    let Some((low, high)) = range.split_once("..") else {
        return Err(bad("there is no `..` in it"));
    };
    if low.is_empty() && high.is_empty() {
        return Err(bad("it has no end"));
    }
    if high.starts_with('=') {
        return Err(bad("`..=` is not needed"));
    }
    for end in [low, high] {
        if !end.is_empty() && !is_number(end) {
            return Err(bad(&format!("`{end}` is no {}", kind.name())));
        }
    }
    if !low.is_empty() && !high.is_empty() && compare(low, high).is_gt() {
        return Err(bad("no number is in it"));
    }
    let end = |text: &str| (!text.is_empty()).then(|| text.to_string());
    Ok(Range { low: end(low), high: end(high) })
}

fn is_finite(text: &str) -> bool {
    number::is_float(text) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Names of holes: letters, digits and `_`, not beginning with a digit.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
