//! What is wrong with a run whose lines all have a pattern: names and rules.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::expectation::{Expectation, PatternLine, SectionKind};
use crate::language::hole::HoleType;
use crate::language::pattern::Ranges;
use crate::matching::alignment::Alignment;
use crate::matching::relax;
use crate::matching::solve::{
    self, Budget, Enforced, Names, Question, TooHard,
};
use crate::report::findings::Findings;
use crate::report::outcome::{Fault, FaultKind};
use crate::report::text::quoted;

/// Checks names and rules of a run whose lines all have a pattern. Puts the
/// lines where names and rules want them, as far as that is possible.
pub(super) fn check(
    expectation: &Expectation,
    lines: &[&str],
    alignment: &mut Alignment,
    findings: &mut Findings<'_>,
) {
    let names = Names::of(expectation);
    if names.list.is_empty() && expectation.rules.is_empty() {
        return;
    }
    let all = Enforced {
        names: vec![true; names.list.len()],
        distinct: true,
        free: None,
        rules: vec![true; expectation.rules.len()],
    };
    let question = Question { expectation, names: &names, lines, alignment };
    let mut budget = Budget::of(lines.len());
    match solve::solve(&question, &all, &mut budget) {
        Ok(Some(solution)) => *alignment = solution.alignment,
        Ok(None) => {
            let nearest = relax::nearest(&question, &all);
            if let Some(solution) = &nearest {
                *alignment = solution.alignment.clone();
            }
            let values = nearest.map(|solution| solution.values);
            let values = values.unwrap_or_default();
            let check = Check { expectation, lines, names: &names, alignment };
            check.names(&values, |_| true, findings);
            check.rules(|_| true, findings);
        }
        Err(TooHard) => {
            findings.faults.push(too_hard(expectation, &names));
        }
    }
}

/// Checks names and rules of a run that does not match anyway, but only where
/// it is beyond doubt which line is meant.
pub(super) fn check_known(
    expectation: &Expectation,
    lines: &[&str],
    alignment: &Alignment,
    findings: &mut Findings<'_>,
) {
    let names = Names::of(expectation);
    let mut placed = vec![true; expectation.patterns.len()];
    for section in &expectation.sections {
        if section.kind == SectionKind::Any {
            placed[section.patterns.clone()].fill(false);
        }
    }
    let check = Check { expectation, lines, names: &names, alignment };
    let one_way =
        |pattern: usize| placed[pattern] && check.has_one_way(pattern);
    check.names(&[], one_way, findings);
    check.rules(|pattern| placed[pattern], findings);
}

struct Check<'c> {
    expectation: &'c Expectation,
    lines: &'c [&'c str],
    names: &'c Names<'c>,
    alignment: &'c Alignment,
}

/// Where a name or a pid was first seen.
#[derive(Clone, Copy)]
struct Binding<'l> {
    text: &'l str,
    name: usize,
    pattern: usize,
    line: usize,
}

impl<'c> Check<'c> {
    fn line(&self, pattern: usize) -> &'c PatternLine {
        &self.expectation.patterns[pattern]
    }

    /// Tells, for each name, the first text that is not the first one, and
    /// for each pid the first name that has it as well.
    fn names(
        &self,
        values: &[Option<&str>],
        looked_at: impl Fn(usize) -> bool,
        findings: &mut Findings<'_>,
    ) {
        let count = self.names.list.len();
        let mut first: Vec<Option<Binding<'_>>> = vec![None; count];
        let mut pids: HashMap<&str, Binding<'_>> = HashMap::new();
        let mut told = vec![false; count];
        for pattern in 0..self.expectation.patterns.len() {
            let Some(line) = self.alignment.line_of[pattern] else { continue };
            let holes = &self.line(pattern).pattern;
            if self.names.in_pattern(holes).next().is_none()
                || !looked_at(pattern)
            {
                continue;
            }
            for (name, text) in self.bindings(pattern, line, values) {
                let now = Binding { text, name, pattern, line };
                let then = *first[name].get_or_insert(now);
                if then.text != text && !told[name] {
                    told[name] = true;
                    self.tell_different(then, now, findings);
                }
                if self.names.list[name].1 != HoleType::Pid {
                    continue;
                }
                let other = *pids.entry(text).or_insert(now);
                if other.name != name && !told[name] {
                    told[name] = true;
                    self.tell_same(other, now, findings);
                }
            }
        }
    }

    /// The texts of the names in a line, agreeing with `values` if possible.
    fn bindings(
        &self,
        pattern: usize,
        line: usize,
        values: &[Option<&str>],
    ) -> Vec<(usize, &'c str)> {
        let pattern = &self.line(pattern).pattern;
        let named: Vec<(usize, usize)> =
            self.names.in_pattern(pattern).collect();
        let value = |name: usize| values.get(name).copied().flatten();
        let mut best = Vec::new();
        let mut splits = 0;
        let line = self.lines[line];
        pattern.for_each_split(line, Ranges::Checked, &mut |texts| {
            let way: Vec<(usize, &str)> =
                named.iter().map(|&(at, name)| (name, texts[at])).collect();
            let agrees = way
                .iter()
                .all(|&(name, text)| value(name).is_none_or(|v| v == text));
            if agrees || best.is_empty() {
                best = way;
            }
            splits += 1;
            if agrees || splits > 1000 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        best
    }

    fn has_one_way(&self, pattern: usize) -> bool {
        let Some(line) = self.alignment.line_of[pattern] else { return false };
        let (mut splits, line) = (0, self.lines[line]);
        let pattern = &self.line(pattern).pattern;
        pattern.for_each_split(line, Ranges::Checked, &mut |_| {
            splits += 1;
            if splits > 1 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        splits == 1
    }

    fn tell_different(
        &self,
        then: Binding<'_>,
        now: Binding<'_>,
        findings: &mut Findings<'_>,
    ) {
        let (name, _) = self.names.list[now.name];
        let message = format!(
            "`{name}` is {} in {}, but {} in {}",
            quoted(then.text),
            self.place(then, findings),
            quoted(now.text),
            self.place(now, findings),
        );
        self.tell_clash(then, now, message, findings);
    }

    fn tell_same(
        &self,
        then: Binding<'_>,
        now: Binding<'_>,
        findings: &mut Findings<'_>,
    ) {
        let message = format!(
            "`{}` and `{}` are both {}, in {} and in {}; two pid names \
             stand for different ids",
            self.names.list[then.name].0,
            self.names.list[now.name].0,
            quoted(now.text),
            self.place(then, findings),
            self.place(now, findings),
        );
        self.tell_clash(then, now, message, findings);
    }

    fn tell_clash(
        &self,
        then: Binding<'_>,
        now: Binding<'_>,
        message: String,
        findings: &mut Findings<'_>,
    ) {
        for binding in [then, now] {
            let (name, _) = self.names.list[binding.name];
            let note = format!("{name} = {}", quoted(binding.text));
            findings.flag(binding.pattern, binding.line, note);
        }
        findings.faults.push(Fault {
            kind: FaultKind::NameClash,
            source_line: Some(self.line(now.pattern).source_line),
            message,
        });
    }

    fn place(&self, binding: Binding<'_>, findings: &Findings<'_>) -> String {
        let line = self.line(binding.pattern).source_line;
        format!("line {line} ({})", findings.output(binding.line))
    }

    /// Tells the rules that do not hold, each by its last line that should
    /// come first and its first line that should come after.
    fn rules(
        &self,
        looked_at: impl Fn(usize) -> bool,
        findings: &mut Findings<'_>,
    ) {
        let labelled = |label: &str| {
            let has_label =
                |p: &usize| self.line(*p).has_label(label) && looked_at(*p);
            let printed = |p| Some((self.alignment.line_of[p]?, p));
            let patterns = 0..self.expectation.patterns.len();
            let found: Vec<(usize, usize)> =
                patterns.filter(has_label).filter_map(printed).collect();
            found
        };
        for rule in &self.expectation.rules {
            let last = labelled(&rule.first).into_iter().max();
            let next = labelled(&rule.then).into_iter().min();
            let (Some(last), Some(next)) = (last, next) else { continue };
            if last.0 < next.0 {
                continue;
            }
            let message = format!(
                "`@before {} {}` does not hold: {} ({}) came before {} ({})",
                rule.first,
                rule.then,
                quoted(self.lines[next.0]),
                findings.output(next.0),
                quoted(self.lines[last.0]),
                findings.output(last.0),
            );
            for (line, pattern, label) in
                [(last.0, last.1, &rule.first), (next.0, next.1, &rule.then)]
            {
                findings.flag(pattern, line, format!("#{label}"));
            }
            findings.faults.push(Fault {
                kind: FaultKind::BeforeBroken,
                source_line: Some(rule.source_line),
                message,
            });
        }
    }
}

fn too_hard(expectation: &Expectation, names: &Names<'_>) -> Fault {
    let in_any = expectation
        .sections
        .iter()
        .filter(|section| section.kind == SectionKind::Any);
    let bound = |pattern: &PatternLine| {
        names.in_pattern(&pattern.pattern).next().is_some()
            || !pattern.labels.is_empty()
    };
    let hard = in_any.max_by_key(|section| {
        let patterns = &expectation.patterns[section.patterns.clone()];
        patterns.iter().filter(|pattern| bound(pattern)).count()
    });
    let named = expectation.patterns.iter().find(|line| bound(line));
    let source_line = hard
        .map(|section| section.source_line)
        .or(named.map(|line| line.source_line));
    let cure = if hard.is_some() {
        "in `@any` blocks, write fewer lines with named holes or labels, and \
         make them differ in more than their holes"
    } else {
        "write fewer named holes into one line, or more text between them"
    };
    let message = format!(
        "the expectation leaves too many ways open to decide whether the \
         output matches: {cure}"
    );
    Fault { kind: FaultKind::TooHard, source_line, message }
}
