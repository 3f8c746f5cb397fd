//! From the lines of a header to an [`Expectation`]: directives, blocks,
//! labels and rules.

use std::collections::{HashMap, HashSet};

use crate::expectation::{
    Expectation, PatternLine, Rule, Section, SectionKind, SourceLine,
};
use crate::language::actors;
use crate::language::complaint::Complaint;
use crate::language::hole::HoleType;
use crate::language::labels;
use crate::language::pattern::Pattern;
use crate::language::settings::Settings;
use crate::language::speakers::{
    self, PeakRule, Span, SpeakerKind, SpeakerRule,
};
use crate::language::suggest;

/// The directives, as they are written.
const DIRECTIVES: [(&str, Directive); 14] = [
    ("@any", Directive::Open(SectionKind::Any)),
    ("@lanes", Directive::Open(SectionKind::Lanes)),
    ("@shared", Directive::Open(SectionKind::Shared)),
    ("@end", Directive::End),
    ("@before", Directive::Before),
    ("@threads", Directive::Speakers(SpeakerKind::Threads)),
    ("@processes", Directive::Speakers(SpeakerKind::Processes)),
    ("@tasks", Directive::Speakers(SpeakerKind::Tasks)),
    ("@peak", Directive::Peak),
    ("@span", Directive::Span),
    ("@exit", Directive::Once(Setting::Exit)),
    ("@signal", Directive::Once(Setting::Signal)),
    ("@stderr", Directive::Once(Setting::Stderr)),
    ("@timeout", Directive::Once(Setting::Timeout)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Directive {
    Open(SectionKind),
    End,
    Before,
    Speakers(SpeakerKind),
    Peak,
    Span,
    Once(Setting),
}

/// What may stand once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Setting {
    Exit,
    Signal,
    Stderr,
    Timeout,
}

impl Expectation {
    /// Reads an expectation, or tells everything that is wrong with it.
    pub fn parse(lines: &[SourceLine]) -> Result<Expectation, Vec<Complaint>> {
        let mut parser = Parser::default();
        for line in lines {
            parser.line = line.number;
            if line.text.starts_with('@') {
                parser.directive(line.text.trim_end());
            } else {
                parser.pattern(&line.text);
            }
        }
        parser.finish(lines)
    }
}

#[derive(Default)]
struct Parser {
    /// The number of the line at hand.
    line: usize,
    errors: Vec<Complaint>,
    patterns: Vec<PatternLine>,
    sections: Vec<Section>,
    rules: Vec<Rule>,
    speakers: Vec<SpeakerRule>,
    peaks: Vec<PeakRule>,
    spans: Vec<Span>,
    /// All labels after a `@before`, also after a faulty one.
    ruled: HashSet<String>,
    settings: Settings,
    open: Option<OpenBlock>,
    /// How many blocks within it were refused and not yet closed.
    nested: usize,
    /// Where each directive that may stand once was seen.
    seen: HashMap<Setting, usize>,
    /// Where each name of a hole was first used, and with which type.
    names: HashMap<String, (HoleType, usize)>,
}

struct OpenBlock {
    kind: SectionKind,
    line: usize,
    start: usize,
    /// Lines that were meant to be in it, the faulty ones among them.
    lines: usize,
}

impl Parser {
    fn error(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.error_at(self.line, message, help);
    }

    fn error_at(
        &mut self,
        line: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.errors.push(Complaint::new(message, help).at(line));
    }

    fn complain(&mut self, complaint: Complaint) {
        self.errors.push(complaint.at(self.line));
    }

    fn directive(&mut self, text: &str) {
        let (word, rest) = match text.split_once(char::is_whitespace) {
            Some((word, rest)) => (word, rest.trim()),
            None => (text, ""),
        };
        let known = DIRECTIVES.iter().find(|(name, _)| *name == word);
        let Some(&(word, directive)) = known else {
            return self.unknown_directive(word, rest);
        };
        if directive == Directive::Before {
            let labels = rest.split_whitespace();
            let labels = labels.map(|label| label.trim_start_matches('#'));
            self.ruled.extend(labels.map(str::to_string));
        }
        let in_block = matches!(directive, Directive::End);
        let opens = matches!(directive, Directive::Open(_));
        if let (Some(open), false, false) = (&self.open, in_block, opens) {
            let message = format!(
                "`{word}` inside the {} block of line {}",
                open.kind.name(),
                open.line
            );
            return self
                .error(message, "move it to before the block or after `@end`");
        }
        if (in_block || opens) && !rest.is_empty() {
            self.error(
                format!("`{word}` takes nothing after it, found `{rest}`"),
                format!("write `{word}` alone on its line"),
            );
        }
        match directive {
            Directive::Open(kind) => self.open_block(kind),
            Directive::End => self.close_block(),
            Directive::Before => self.before(rest),
            Directive::Speakers(kind) => {
                let rule = speakers::read_rule(self.line, kind, rest);
                let rule = self.sound(rule);
                self.speakers.extend(rule);
            }
            Directive::Peak => {
                let peak = speakers::read_peak(self.line, rest, &self.peaks);
                let peak = self.sound(peak);
                self.peaks.extend(peak);
            }
            Directive::Span => {
                let span = speakers::read_span(self.line, rest);
                let span = self.sound(span);
                self.spans.extend(span);
            }
            Directive::Once(setting) => {
                if self.may_stand(setting, word) {
                    let read = match setting {
                        Setting::Exit => self.settings.read_exit(rest),
                        Setting::Signal => self.settings.read_signal(rest),
                        Setting::Stderr => self.settings.read_stderr(rest),
                        Setting::Timeout => self.settings.read_timeout(rest),
                    };
                    self.sound(read);
                }
            }
        }
    }

    /// What was read, if it is sound; otherwise tells what is wrong with it.
    fn sound<T>(&mut self, read: Result<T, Complaint>) -> Option<T> {
        read.map_err(|complaint| self.complain(complaint)).ok()
    }

    fn unknown_directive(&mut self, word: &str, rest: &str) {
        let names = DIRECTIVES.map(|(name, _)| name);
        let near = suggest::nearest(word, names);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let names = names.map(|name| format!("`{name}`"));
                format!("the directives are {}.", names.join(", "))
            }
        };
        self.error(
            format!("unknown directive `{word}`"),
            format!("{help} A line of output cannot begin with `@`"),
        );
        // Read on as if that was meant, so that one mistake is one error.
        let near = near.filter(|_| rest.is_empty());
        let meant = DIRECTIVES.iter().find(|(name, _)| near == Some(*name));
        match meant {
            Some((_, Directive::Open(kind))) => self.open_block(*kind),
            Some((_, Directive::End)) => self.close_block(),
            _ => {}
        }
    }

    fn open_block(&mut self, kind: SectionKind) {
        if let Some(open) = &self.open {
            let message = format!(
                "{} inside the {} block of line {}",
                kind.name(),
                open.kind.name(),
                open.line
            );
            self.error(
                message,
                "blocks do not nest: close that block with `@end` first",
            );
            self.nested += 1;
            return;
        }
        let (line, start) = (self.line, self.patterns.len());
        self.open = Some(OpenBlock { kind, line, start, lines: 0 });
    }

    fn close_block(&mut self) {
        if self.nested > 0 {
            self.nested -= 1;
            return;
        }
        let Some(open) = self.open.take() else {
            return self.error(
                "`@end` without a block",
                "take it away, or open a block with `@any`, `@lanes` or \
                 `@shared`",
            );
        };
        if open.lines == 0 {
            let message = format!("empty {} block", open.kind.name());
            self.error_at(
                open.line,
                message,
                "write its lines between it and `@end`, or take both away",
            );
        }
        self.sections.push(Section {
            kind: open.kind,
            source_line: open.line,
            end_line: self.line,
            patterns: open.start..self.patterns.len(),
        });
    }

    fn before(&mut self, rest: &str) {
        match labels::read_rule(self.line, rest) {
            Ok(rule) => self.rules.push(rule),
            Err(complaint) => self.complain(complaint),
        }
    }

    /// May a directive that may stand once stand here?
    fn may_stand(&mut self, setting: Setting, word: &str) -> bool {
        if let Some(line) = self.seen.get(&setting) {
            let message = format!("`{word}` again, after line {line}");
            self.error(message, "keep one of the two");
            return false;
        }
        self.seen.insert(setting, self.line);
        let other = match setting {
            Setting::Exit => self.seen.get(&Setting::Signal),
            Setting::Signal => self.seen.get(&Setting::Exit),
            Setting::Stderr | Setting::Timeout => None,
        };
        if let Some(line) = other {
            let message =
                format!("both `@exit` and `@signal`, the other in line {line}");
            self.error(
                message,
                "a program ends in one way: keep one of the two",
            );
            return false;
        }
        true
    }

    fn pattern(&mut self, source: &str) {
        let (text, labels) = labels::split(source);
        let section = self.open.as_mut().map(|open| {
            open.lines += 1;
            open.kind
        });
        let pattern = match Pattern::parse(text) {
            Ok(pattern) => pattern,
            Err(complaints) => {
                for complaint in complaints {
                    self.complain(complaint);
                }
                return;
            }
        };
        if section == Some(SectionKind::Lanes) && pattern.actor().is_none() {
            self.without_actor(&pattern);
        }
        if section == Some(SectionKind::Shared) {
            let complaint = actors::check_shared(&pattern, &labels);
            let _ = self.sound(complaint);
        }
        self.check_names(&pattern);
        if section.is_none() {
            self.exact_line();
        }
        self.patterns.push(PatternLine {
            source_line: self.line,
            text: text.to_string(),
            labels,
            pattern,
        });
    }

    fn without_actor(&mut self, pattern: &Pattern) {
        if pattern.holes().is_empty() {
            self.error(
                "a line of a `@lanes` block without an actor",
                "write `actor: what happened`; the actor is the text before \
                 the first `: `",
            );
        } else {
            self.error(
                "a line of a `@lanes` block with a hole in its actor",
                "write the actor out, or, where it is open which actor it \
                 is, use `@any`",
            );
        }
    }

    fn check_names(&mut self, pattern: &Pattern) {
        for hole in pattern.holes() {
            let Some(name) = &hole.name else { continue };
            let entry = (hole.kind, self.line);
            let first = *self.names.entry(name.clone()).or_insert(entry);
            if first.0 != hole.kind {
                let (now, then) = (hole.kind.name(), first.0.name());
                let message = format!(
                    "`{name}` is of type `{now}` here and of type `{then}` \
                     in line {}",
                    first.1
                );
                self.error(message, "one name has one type: rename one");
            }
        }
    }

    /// Makes room for one more line in the run of exact lines at hand.
    fn exact_line(&mut self) {
        let next = self.patterns.len();
        match self.sections.last_mut() {
            Some(last)
                if last.kind == SectionKind::Exact
                    && last.patterns.end == next =>
            {
                last.patterns.end += 1;
                last.end_line = self.line;
            }
            _ => self.sections.push(Section {
                kind: SectionKind::Exact,
                source_line: self.line,
                end_line: self.line,
                patterns: next..next + 1,
            }),
        }
    }

    fn finish(
        mut self,
        lines: &[SourceLine],
    ) -> Result<Expectation, Vec<Complaint>> {
        if let Some(open) = self.open.take() {
            let message = format!("unclosed {} block", open.kind.name());
            self.error_at(open.line, message, "close it with `@end`");
        }
        let ruled = std::mem::take(&mut self.ruled);
        let errors = labels::check_used(&self.patterns, &self.rules, ruled);
        self.errors.extend(errors);
        // A faulty line may be that of the actor that is not found.
        if self.errors.is_empty() {
            let patterns: Vec<&Pattern> =
                self.patterns.iter().map(|line| &line.pattern).collect();
            let errors = actors::check_rules(&patterns, &self.speakers);
            self.errors.extend(errors);
            let errors = actors::check_spans(&patterns, &self.spans);
            self.errors.extend(errors);
        }
        self.check_not_empty(lines);
        if self.errors.is_empty() {
            let error =
                labels::check_contradiction(&self.patterns, &self.rules);
            self.errors.extend(error);
        }
        if !self.errors.is_empty() {
            self.errors.sort_by_key(|error| error.line);
            return Err(self.errors);
        }
        let ending = [Setting::Exit, Setting::Signal];
        let ending_line =
            ending.iter().find_map(|once| self.seen.get(once)).copied();
        Ok(Expectation {
            ending_line,
            patterns: self.patterns,
            sections: self.sections,
            rules: self.rules,
            speakers: self.speakers,
            peaks: self.peaks,
            spans: self.spans,
            settings: self.settings,
        })
    }

    fn check_not_empty(&mut self, lines: &[SourceLine]) {
        let ending = [Setting::Exit, Setting::Signal]
            .iter()
            .any(|setting| self.seen.contains_key(setting));
        let no_lines = self.patterns.is_empty() && self.errors.is_empty();
        if no_lines && !ending {
            let line = lines.first().map_or(0, |line| line.number);
            self.error_at(
                line,
                "the expectation is empty",
                "write the lines the program prints; if it is to print \
                 nothing, say how it ends: `@exit 0`",
            );
        }
    }
}
