//! Reads an example's header: the `//!` lines at the top of its source.

use std::fmt;

use expect::{Complaint, SourceLine};

use crate::catalogue::language::Language;

/// What an example says of itself.
#[derive(Clone, Debug)]
pub struct Header {
    /// The first line: what the example is called and what it shows.
    pub title: String,
    /// The text behind `Python:`.
    pub python: String,
    /// The places in the notes that it answers.
    pub notes: Vec<Place>,
    /// The reports of the bug that it shows, each `owner/repository#number`.
    pub reported: Vec<String>,
    /// How that bug shows, where the example is about one.
    pub symptom: Option<Symptom>,
    /// What it is for, in Markdown: all between those and the expectation.
    pub prose: String,
    /// The lines of the expectation block.
    pub expectation: Vec<SourceLine>,
    /// Each `Break it:` and `Break it (Python):`.
    pub sabotages: Vec<Sabotage>,
}

impl Header {
    /// Whether the header says that Python has no such thing.
    pub fn has_no_python(&self) -> bool {
        self.python.starts_with("none")
    }
}

/// How a bug shows: the kind, and the words that one would search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symptom {
    /// One of [`Symptom::KINDS`].
    pub kind: &'static str,
    /// The words, without a full stop.
    pub words: String,
}

impl Symptom {
    /// The kinds, in the order in which they are listed.
    pub const KINDS: [&'static str; 5] = [
        "it hangs",
        "it loses data",
        "it dies",
        "it is slow",
        "it says nothing",
    ];
}

/// A line of one of the five documents of the notes, written `N0:251`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The document, 0 to 4.
    pub document: u32,
    /// The line, from 1.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "N{}:{}", self.document, self.line)
    }
}

/// One `Break it:` or `Break it (Python):`: replacements that are made together.
#[derive(Clone, Debug)]
pub struct Sabotage {
    /// Whose source is changed: the example's or its sibling's.
    pub language: Language,
    /// The line in the file at which it is written.
    pub line: usize,
    /// Old text and new, in the order written.
    pub replacements: Vec<(String, String)>,
}

impl Sabotage {
    /// The source with every replacement made: the source of the language that
    /// the sabotage is for.
    ///
    /// # Errors
    /// When an old text does not stand exactly once in the code.
    pub fn apply(&self, source: &str) -> Result<String, Complaint> {
        let code_starts = header_lines(source)
            .map(|(_, line)| line.len() + 1)
            .sum::<usize>()
            .min(source.len());
        let (header, code) = source.split_at(code_starts);
        let mut code = code.to_owned();
        for (old, new) in &self.replacements {
            let found = code.matches(old.as_str()).count();
            if found != 1 {
                let message = format!(
                    "`{old}` stands {found} times in the {} code",
                    self.language
                );
                let help = "name a text that stands there exactly once";
                return Err(wrong(self.line, &message, help));
            }
            code = code.replacen(old.as_str(), new, 1);
        }
        Ok(format!("{header}{code}"))
    }
}

impl fmt::Display for Sabotage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (old, new)) in self.replacements.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}`{old}` => `{new}`")?;
        }
        Ok(())
    }
}

fn wrong(line: usize, message: &str, help: &str) -> Complaint {
    Complaint::new(message, help).at(line)
}

const FENCE: &str = "```text,expect";

/// Reads the header of an example's source.
///
/// # Errors
/// Everything that is missing or malformed, all at once.
pub fn parse(source: &str) -> Result<Header, Vec<Complaint>> {
    let lines: Vec<SourceLine> = header_lines(source)
        .map(|(number, line)| {
            let text = line.strip_prefix("//!").unwrap_or(line);
            let text = text.strip_prefix(' ').unwrap_or(text);
            SourceLine { number, text: text.trim_end().to_owned() }
        })
        .collect();
    let mut problems = Vec::new();
    let title = match lines.first() {
        Some(line) if !line.text.is_empty() => line.text.clone(),
        _ => {
            problems.push(wrong(
                1,
                "no title",
                "begin the file with `//! Name: the point in a few words.`",
            ));
            String::new()
        }
    };
    let expectation = expectation(&lines, &mut problems);
    let python = paragraph(&lines, "Python:").unwrap_or_else(|| {
        problems.push(wrong(
            1,
            "no `Python:` line",
            "name the counterpart and the sibling, or `Python: none, why`",
        ));
        String::new()
    });
    let reported = reported(&lines, &mut problems);
    let is_report = |l: &SourceLine| l.text.starts_with("Reported:");
    let is_bug = lines.iter().any(is_report);
    let (notes, symptom) = match is_bug {
        true => (Vec::new(), symptom(&lines, &mut problems)),
        false => (notes(&lines, &mut problems), None),
    };
    let sabotages = sabotages(&lines, &mut problems);
    unwritten(&lines, &mut problems);
    if problems.is_empty() {
        Ok(Header {
            title,
            python,
            notes,
            reported,
            symptom,
            prose: prose(&lines),
            expectation,
            sabotages,
        })
    } else {
        problems.sort_by_key(|problem| problem.line);
        Err(problems)
    }
}

/// What stands in a new example until it is written: what it is, and the text.
pub(crate) const SCAFFOLD: [(&str, &str); 3] = [
    ("the title", "the point in a few words."),
    ("the `Python:` line", "`module.counterpart`"),
    ("the text", "What it is for, and when to reach for it."),
];

/// Finds what `new` has left to be written.
fn unwritten(lines: &[SourceLine], problems: &mut Vec<Complaint>) {
    for line in lines {
        for (what, text) in SCAFFOLD {
            if line.text.contains(text) {
                let message = format!("{what} is not written yet");
                let help = format!("write it in place of `{text}`");
                problems.push(wrong(line.number, &message, &help));
            }
        }
    }
}

fn header_lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    source
        .split('\n')
        .enumerate()
        .map(|(i, line)| (i + 1, line))
        .take_while(|(_, line)| line.starts_with("//!"))
}

fn expectation(
    lines: &[SourceLine],
    problems: &mut Vec<Complaint>,
) -> Vec<SourceLine> {
    let mut fences = lines.iter().enumerate().filter(|(_, l)| l.text == FENCE);
    let Some((start, fence)) = fences.next() else {
        problems.push(wrong(
            1,
            "no expectation",
            "open a block with ```text,expect in the header",
        ));
        return Vec::new();
    };
    if let Some((_, second)) = fences.next() {
        problems.push(wrong(
            second.number,
            "a second expectation",
            "an example has exactly one ```text,expect block",
        ));
    }
    let body = &lines[start + 1..];
    let Some(length) = body.iter().position(|l| l.text == "```") else {
        problems.push(wrong(
            fence.number,
            "the expectation is not closed",
            "close the block with ``` in the header",
        ));
        return Vec::new();
    };
    body[..length].to_vec()
}

/// The text between the paragraphs that are read and the expectation.
fn prose(lines: &[SourceLine]) -> String {
    let end = lines.iter().position(|line| line.text == FENCE);
    let lines = &lines[1..end.unwrap_or(lines.len()).max(1)];
    let text: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
    let text = text.join("\n");
    let is_read = |part: &&str| !KEYS.iter().any(|key| part.starts_with(key));
    let parts: Vec<&str> = text.split("\n\n").map(str::trim).collect();
    let kept = parts.into_iter().filter(|part| !part.is_empty());
    kept.filter(is_read).collect::<Vec<_>>().join("\n\n")
}

/// What begins a paragraph of the header that is read.
const KEYS: [&str; 4] = ["Python:", "Notes:", "Reported:", "Symptom:"];

/// The text behind `key`, up to a blank line or the next `Word:` key.
fn paragraph(lines: &[SourceLine], key: &str) -> Option<String> {
    let start = lines.iter().position(|l| l.text.starts_with(key))?;
    let mut text = lines[start].text[key.len()..].trim().to_owned();
    for line in &lines[start + 1..] {
        let is_next = |key: &str| line.text.starts_with(key);
        if line.text.is_empty() || KEYS.iter().any(|key| is_next(key)) {
            break;
        }
        text.push(' ');
        text.push_str(line.text.trim());
    }
    Some(text)
}

fn notes(lines: &[SourceLine], problems: &mut Vec<Complaint>) -> Vec<Place> {
    const HELP: &str = "write `Notes: N0:790, N2:113.` or `Notes: none.`";
    let line = lines.iter().find(|l| l.text.starts_with("Notes:"));
    let Some(text) = paragraph(lines, "Notes:") else {
        problems.push(wrong(1, "no `Notes:` line", HELP));
        return Vec::new();
    };
    let at = line.map_or(1, |l| l.number);
    let text = text.trim_end_matches('.');
    if text == "none" {
        return Vec::new();
    }
    let mut places = Vec::new();
    for word in text.split(',').map(str::trim) {
        match parse_place(word) {
            Some(place) => places.push(place),
            None => problems.push(wrong(
                at,
                &format!("`{word}` is no place in the notes"),
                HELP,
            )),
        }
    }
    places
}

/// The reports behind `Reported:`; a header without that line has none.
fn reported(
    lines: &[SourceLine],
    problems: &mut Vec<Complaint>,
) -> Vec<String> {
    const HELP: &str = "write `Reported: python/cpython#91594, …`; a number \
                        alone is of the same repository";
    let line = lines.iter().find(|l| l.text.starts_with("Reported:"));
    let Some(text) = paragraph(lines, "Reported:") else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    if text.trim_end_matches('.') == "none" {
        return found;
    }
    for word in text.trim_end_matches('.').split(',').map(str::trim) {
        let (repository, number) = word.split_once('#').unwrap_or((word, ""));
        let repository = match (repository, found.last()) {
            ("", Some(last)) => last.split('#').next().unwrap_or_default(),
            _ => repository,
        };
        let known = number.parse::<u32>().is_ok();
        if known && repository.split('/').count() == 2 {
            found.push(format!("{repository}#{number}"));
        } else {
            let at = line.map_or(1, |l| l.number);
            let message = format!("`{word}` is no report");
            problems.push(wrong(at, &message, HELP));
        }
    }
    found
}

fn symptom(
    lines: &[SourceLine],
    problems: &mut Vec<Complaint>,
) -> Option<Symptom> {
    let text = paragraph(lines, "Symptom:");
    let found = text.as_deref().and_then(|text| {
        let (kind, words) = text.split_once(':')?;
        let kind = Symptom::KINDS.into_iter().find(|known| *known == kind)?;
        let words = words.trim().trim_end_matches('.').to_owned();
        (!words.is_empty()).then_some(Symptom { kind, words })
    });
    if found.is_none() {
        let line = lines.iter().find(|l| l.text.starts_with("Reported:"));
        let help = format!(
            "after `Reported:` write `Symptom: KIND: the words one would \
             search for.`; KIND is one of: {}",
            Symptom::KINDS.join(", ")
        );
        let at = line.map_or(1, |line| line.number);
        problems.push(wrong(at, "no `Symptom:` that can be read", &help));
    }
    found
}

pub(crate) fn parse_place(word: &str) -> Option<Place> {
    let (document, line) = word.strip_prefix('N')?.split_once(':')?;
    let place =
        Place { document: document.parse().ok()?, line: line.parse().ok()? };
    (place.document <= 4 && place.line > 0).then_some(place)
}

fn sabotages(
    lines: &[SourceLine],
    problems: &mut Vec<Complaint>,
) -> Vec<Sabotage> {
    const HELP: &str = "write ``Break it: `old` => `new` ``, or \
                        `Break it (Python):` for the sibling";
    let mut sabotages = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let Some((language, first)) = break_it(&line.text) else { continue };
        let mut text = first.to_owned();
        for next in &lines[i + 1..] {
            if next.text.is_empty() || break_it(&next.text).is_some() {
                break;
            }
            text.push(' ');
            text.push_str(next.text.trim());
        }
        let line = line.number;
        match replacements(&text) {
            Some(replacements) => {
                sabotages.push(Sabotage { language, line, replacements });
            }
            None => problems.push(wrong(
                line,
                "a `Break it` that cannot be read",
                HELP,
            )),
        }
    }
    let rust = sabotages.iter().any(|s| s.language == Language::Rust);
    if !rust && problems.is_empty() {
        problems.push(wrong(1, "no `Break it`", HELP));
    }
    sabotages
}

/// Whose sabotage a line begins, and what follows.
fn break_it(line: &str) -> Option<(Language, &str)> {
    let rust = line.strip_prefix("Break it:").map(|l| (Language::Rust, l));
    let python = line.strip_prefix("Break it (Python):");
    rust.or(python.map(|rest| (Language::Python, rest)))
        .map(|(language, rest)| (language, rest.trim()))
}

/// Reads `` `old` => `new`, `old` => `new` ``.
fn replacements(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim().trim_end_matches('.');
    loop {
        let (old, after) = quoted(rest)?;
        let after = after.trim_start().strip_prefix("=>")?.trim_start();
        let (new, after) = quoted(after)?;
        if old.is_empty() || old == new {
            return None;
        }
        found.push((old.to_owned(), new.to_owned()));
        match after.trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if after.trim().is_empty() => return Some(found),
            None => return None,
        }
    }
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('`')?.split_once('`')
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
//! Latch: the point.
//!
//! Python: `threading.Event`, in
//! `01_latch.py`.
//! Notes: N0:790, N2:113.
//!
//! Prose.
//!
//! ```text,expect
//! main: done
//! ```
//!
//! Break it: `wait()` => `try_wait()`,
//! `a` => ``
//! Break it: `b` => `c`
//! Break it (Python): `with lock:` => `if True:`

fn main() { a; b; wait() }
";

    fn problems(source: &str) -> Vec<String> {
        parse(source)
            .expect_err("a problem")
            .iter()
            .map(|p| format!("{}: {}", p.line, p.message))
            .collect()
    }

    #[test]
    fn reads_every_part() {
        let header = parse(GOOD).expect("good");
        assert_eq!(header.title, "Latch: the point.");
        assert_eq!(header.python, "`threading.Event`, in `01_latch.py`.");
        assert_eq!(header.notes[1], Place { document: 2, line: 113 });
        assert_eq!(header.expectation[0].number, 10);
        assert_eq!(header.expectation[0].text, "main: done");
        assert_eq!(header.prose, "Prose.");
        assert_eq!(header.sabotages.len(), 3);
        assert_eq!(header.sabotages[0].replacements.len(), 2);
        assert_eq!(header.sabotages[2].language, Language::Python);
        assert_eq!(header.sabotages[2].line, 16);
    }

    #[test]
    fn reads_reports_in_place_of_notes() {
        let reported = GOOD.replace(
            "Notes: N0:790, N2:113.",
            "Reported: python/cpython#91594, #5, rust-lang/rust#7.\n\
             //! Symptom: it hangs: the join never returns.",
        );
        let header = parse(&reported).expect("good");
        let all =
            ["python/cpython#91594", "python/cpython#5", "rust-lang/rust#7"];
        assert_eq!(header.reported, all);
        assert_eq!(header.python, "`threading.Event`, in `01_latch.py`.");
        let symptom = header.symptom.expect("it has one");
        assert_eq!(symptom.kind, "it hangs");
        assert_eq!(symptom.words, "the join never returns");
        let wrong =
            GOOD.replace("Notes: N0:790, N2:113.", "Reported: somewhere.");
        assert_eq!(problems(&wrong)[0], "5: `somewhere` is no report");
    }

    #[test]
    fn applies_a_sabotage_to_the_code_only() {
        let header = parse(GOOD).expect("good");
        let broken = header.sabotages[1].apply(GOOD).expect("once");
        assert!(broken.ends_with("fn main() { a; c; wait() }\n"), "{broken}");
        assert!(broken.contains("Break it: `b` => `c`"));
        let twice = GOOD.replace("a; b;", "a; b; b;");
        let error = header.sabotages[1].apply(&twice).expect_err("twice");
        assert_eq!(error.message, "`b` stands 2 times in the rust code");
    }

    #[test]
    fn names_what_is_missing() {
        assert_eq!(
            problems("fn main() {}"),
            [
                "1: no title",
                "1: no expectation",
                "1: no `Python:` line",
                "1: no `Notes:` line",
            ]
        );
        let unclosed = GOOD.replace("//! ```\n", "//!\n");
        assert_eq!(problems(&unclosed), ["9: the expectation is not closed"]);
        let place = GOOD.replace("N2:113", "N9:113");
        assert_eq!(problems(&place), ["5: `N9:113` is no place in the notes"]);
        let sabotage = GOOD.replace("`b` => `c`", "`b` -> `c`");
        assert_eq!(
            problems(&sabotage),
            ["15: a `Break it` that cannot be read"]
        );
    }
}
