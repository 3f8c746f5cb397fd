//! Patterns without a line and lines without a pattern: what became of them.

use std::collections::{BTreeMap, HashMap};

use crate::expectation::{Expectation, SectionKind};
use crate::language::pattern::{self, Ranges};
use crate::matching::alignment::Alignment;
use crate::report::findings::Findings;
use crate::report::near;
use crate::report::outcome::{Fault, FaultKind};
use crate::report::text::{counted, quoted};

/// As many pairs of a pattern and a line are looked at.
const PAIRS: usize = 200_000;
/// A line this much like a pattern was meant for it, in percent. Who printed
/// it does not count.
const LIKE: usize = 40;
/// As many missing lines are told one by one, and as many extra ones.
const MOST: usize = 500;

/// Tells what is missing, what is too much, and what belongs together.
pub(super) fn check(
    expectation: &Expectation,
    lines: &[&str],
    alignment: &Alignment,
    findings: &mut Findings<'_>,
) {
    let none = |of: &[Option<usize>]| -> Vec<usize> {
        (0..of.len()).filter(|index| of[*index].is_none()).collect()
    };
    let units = units(expectation);
    let mut leftovers = Leftovers {
        expectation,
        lines,
        alignment,
        room: room(&units, alignment),
        units,
        missing: none(&alignment.line_of),
        extra: none(&alignment.pattern_of),
        faults: BTreeMap::new(),
    };
    leftovers.tell_moved(findings);
    leftovers.tell_out_of_range(findings);
    leftovers.tell_repeated(findings);
    leftovers.tell_changed(findings);
    leftovers.tell_missing();
    leftovers.tell_extra(findings);
    findings.faults.extend(leftovers.faults.into_values().flatten());
}

/// The step of the expectation each pattern belongs to: each exact line is
/// one, and each block.
fn units(expectation: &Expectation) -> Vec<usize> {
    let mut units = Vec::with_capacity(expectation.patterns.len());
    let mut next = 0;
    for section in &expectation.sections {
        for _ in section.patterns.clone() {
            units.push(next);
            next += usize::from(section.kind == SectionKind::Exact);
        }
        next += usize::from(section.kind != SectionKind::Exact);
    }
    units
}

/// For each line, the steps it could belong to: those from that of the
/// matched line before it to that of the matched line after it.
fn room(units: &[usize], alignment: &Alignment) -> Vec<(usize, usize)> {
    let of = &alignment.pattern_of;
    let mut room = vec![(0, usize::MAX); of.len()];
    let mut before = 0;
    for (line, room) in room.iter_mut().enumerate() {
        room.0 = before;
        before = of[line].map_or(before, |pattern| units[pattern]);
    }
    let mut after = usize::MAX;
    for (line, room) in room.iter_mut().enumerate().rev() {
        room.1 = after;
        after = of[line].map_or(after, |pattern| units[pattern]);
    }
    room
}

struct Leftovers<'c> {
    expectation: &'c Expectation,
    lines: &'c [&'c str],
    alignment: &'c Alignment,
    /// The step of each pattern.
    units: Vec<usize>,
    /// The first and the last step each line could belong to.
    room: Vec<(usize, usize)>,
    missing: Vec<usize>,
    extra: Vec<usize>,
    /// By the pattern they are about, those of no pattern by that of the
    /// line before.
    faults: BTreeMap<usize, Vec<Fault>>,
}

impl Leftovers<'_> {
    fn tell(&mut self, kind: FaultKind, pattern: usize, message: String) {
        let line = &self.expectation.patterns[pattern];
        let source_line = Some(line.source_line);
        let fault = Fault { kind, source_line, message };
        self.faults.entry(pattern).or_default().push(fault);
    }

    /// Puts missing patterns and extra lines together for which `fits` holds,
    /// the best first if it says how well.
    fn pair(
        &mut self,
        fits: impl Fn(&Self, usize, usize) -> Option<usize>,
    ) -> Vec<(usize, usize)> {
        let mut candidates = Vec::new();
        let most = PAIRS / self.extra.len().clamp(1, PAIRS.isqrt());
        let most = self.missing.len().clamp(1, most);
        for &pattern in self.missing.iter().take(most) {
            for &line in self.extra.iter().take(PAIRS / most) {
                if let Some(score) = fits(self, pattern, line) {
                    candidates.push((usize::MAX - score, pattern, line));
                }
            }
        }
        candidates.sort_unstable();
        let mut line_of = BTreeMap::new();
        let mut pattern_of = HashMap::new();
        for (_, pattern, line) in candidates {
            if !line_of.contains_key(&pattern)
                && !pattern_of.contains_key(&line)
            {
                line_of.insert(pattern, line);
                pattern_of.insert(line, pattern);
            }
        }
        self.missing.retain(|pattern| !line_of.contains_key(pattern));
        self.extra.retain(|line| !pattern_of.contains_key(line));
        line_of.into_iter().collect()
    }

    /// Was the line printed where the pattern is expected?
    fn in_place(&self, pattern: usize, line: usize) -> bool {
        let (first, last) = self.room[line];
        (first..=last).contains(&self.units[pattern])
    }

    fn tell_moved(&mut self, findings: &mut Findings<'_>) {
        let pairs = self.pair(|this, pattern, line| {
            let pattern = &this.expectation.patterns[pattern].pattern;
            pattern.matches(this.lines[line]).then_some(0)
        });
        for (pattern, line) in pairs {
            let text = quoted(self.lines[line]);
            let output = findings.output(line);
            let (message, note) = match self.overtaken(pattern, line) {
                Some((true, other)) => {
                    let other = self.told(other, findings);
                    (
                        format!(
                            "{text} ({output}) came too late: after {other}"
                        ),
                        "too late",
                    )
                }
                Some((false, other)) => {
                    let other = self.told(other, findings);
                    (
                        format!(
                            "{text} ({output}) came too early: before {other}"
                        ),
                        "too early",
                    )
                }
                None => {
                    (format!("{text} ({output}) came out of order"), "moved")
                }
            };
            let source = self.expectation.patterns[pattern].source_line;
            findings.missing(pattern, format!("{output}: {note}"));
            findings.extra(line, format!("{note}, see line {source}"));
            self.tell(FaultKind::OutOfOrder, pattern, message);
        }
    }

    /// The matched pattern nearest to this one that the line should have come
    /// before (true) or after (false), and did not.
    fn overtaken(&self, pattern: usize, line: usize) -> Option<(bool, usize)> {
        let of = |p: usize| self.alignment.line_of[p];
        let actor = |p: usize| self.expectation.patterns[p].pattern.actor();
        let in_lanes =
            self.expectation.section_of(pattern).kind == SectionKind::Lanes;
        // Are the two lines to come in the order of their patterns?
        let ordered = |other: usize| {
            self.units[other] != self.units[pattern]
                || (in_lanes && actor(other) == actor(pattern))
        };
        let late = (pattern + 1..self.units.len())
            .find(|&p| ordered(p) && of(p).is_some_and(|l| l < line));
        let early = (0..pattern)
            .rev()
            .find(|&p| ordered(p) && of(p).is_some_and(|l| l > line));
        match (late, early) {
            (Some(late), _) => Some((true, late)),
            (None, early) => Some((false, early?)),
        }
    }

    /// A matched pattern by the line it stands for.
    fn told(&self, pattern: usize, findings: &Findings<'_>) -> String {
        match self.alignment.line_of[pattern] {
            Some(line) => format!(
                "{} ({})",
                quoted(self.lines[line]),
                findings.output(line)
            ),
            None => quoted(&self.expectation.patterns[pattern].text),
        }
    }

    fn tell_out_of_range(&mut self, findings: &mut Findings<'_>) {
        let pairs = self.pair(|this, pattern, line| {
            let holes = &this.expectation.patterns[pattern].pattern;
            let captured = holes.captures(this.lines[line], Ranges::Ignored);
            (captured.is_some() && this.in_place(pattern, line)).then_some(0)
        });
        for (pattern, line) in pairs {
            let holes = &self.expectation.patterns[pattern].pattern;
            let texts = holes
                .captures(self.lines[line], Ranges::Ignored)
                .unwrap_or_default();
            let outside = holes
                .holes()
                .iter()
                .zip(texts)
                .filter(|(hole, text)| !hole.in_range(text))
                .filter_map(|(hole, text)| {
                    let range = hole.range.as_ref()?;
                    Some(format!("{} is not in {range}", quoted(text)))
                });
            let outside = outside.collect::<Vec<_>>().join(", ");
            let message = format!(
                "{outside}, in {} ({})",
                quoted(self.lines[line]),
                findings.output(line)
            );
            findings.replaced(pattern, line, outside);
            self.tell(FaultKind::OutOfRange, pattern, message);
        }
    }

    /// Lines of the text of a matched line: one fault a text.
    fn tell_repeated(&mut self, findings: &mut Findings<'_>) {
        let mut printed: HashMap<&str, (usize, Vec<usize>)> = HashMap::new();
        for (line, pattern) in self.alignment.pattern_of.iter().enumerate() {
            let Some(pattern) = *pattern else { continue };
            let entry = printed
                .entry(self.lines[line])
                .or_insert_with(|| (pattern, Vec::new()));
            entry.1.push(line);
        }
        let mut repeated: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        self.extra.retain(|line| {
            let Some((pattern, _)) = printed.get(self.lines[*line]) else {
                return true;
            };
            repeated.entry(*pattern).or_default().push(*line);
            false
        });
        for (pattern, again) in repeated {
            let text = self.lines[again[0]];
            let Some((_, matched)) = printed.get(text) else { continue };
            let mut all = [matched.as_slice(), &again].concat();
            all.sort_unstable();
            let expected = match matched.len() {
                1 => "once".to_string(),
                times => format!("{times} times"),
            };
            let message = format!(
                "{} was printed {} times ({}), expected {expected}",
                quoted(text),
                all.len(),
                findings.outputs(&all),
            );
            for line in &again {
                let first = findings.output(all[0]);
                findings.extra(*line, format!("again, first {first}"));
            }
            self.tell(FaultKind::Repeated, pattern, message);
        }
    }

    fn tell_changed(&mut self, findings: &mut Findings<'_>) {
        let mut pairs = self.pair(|this, pattern, line| {
            if !this.in_place(pattern, line) {
                return None;
            }
            let printed = this.lines[line];
            let expected = &this.expectation.patterns[pattern].pattern;
            let actor = expected.actor();
            if actor.is_some() && actor != pattern::actor(printed) {
                return None;
            }
            let known = actor.map_or(0, |actor| actor.len() + 2);
            let like = near::likeness(expected, printed, known);
            (like >= LIKE).then_some(like)
        });
        pairs.extend(self.pair_places());
        pairs.sort_unstable();
        for (pattern, line) in pairs {
            let expected = &self.expectation.patterns[pattern].text;
            let printed = self.lines[line];
            let message = format!(
                "expected {}, printed {} ({})",
                quoted(expected),
                quoted(printed),
                findings.output(line)
            );
            let same = expected
                .split_whitespace()
                .flat_map(str::chars)
                .eq(printed.split_whitespace().flat_map(str::chars));
            let note = if same { "only blanks differ" } else { "" };
            findings.replaced(pattern, line, note.to_string());
            self.tell(FaultKind::Changed, pattern, message);
        }
    }

    /// Puts exact lines and printed lines together that are left over in the
    /// same number at the same place.
    fn pair_places(&mut self) -> Vec<(usize, usize)> {
        let mut places: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for &line in &self.extra {
            places.entry(self.room[line]).or_default().push(line);
        }
        let mut pairs = Vec::new();
        for ((first, last), lines) in places {
            let units = &self.units;
            let from = self.missing.partition_point(|&p| units[p] < first);
            let to = self.missing.partition_point(|&p| units[p] <= last);
            let here = &self.missing[from..to];
            let exact = |&pattern: &usize| {
                let section = self.expectation.section_of(pattern);
                section.kind == SectionKind::Exact
            };
            if here.len() == lines.len() && here.iter().all(exact) {
                pairs.extend(here.iter().copied().zip(lines));
            }
        }
        let patterns: HashMap<usize, usize> = pairs.iter().copied().collect();
        let lines: HashMap<usize, usize> =
            pairs.iter().map(|&(pattern, line)| (line, pattern)).collect();
        self.missing.retain(|pattern| !patterns.contains_key(pattern));
        self.extra.retain(|line| !lines.contains_key(line));
        pairs
    }

    fn tell_missing(&mut self) {
        let missing = std::mem::take(&mut self.missing);
        for (index, pattern) in missing.iter().enumerate() {
            let left = missing.len() - index;
            if index == MOST {
                let lines = counted(left, "more line");
                let message = format!("{lines} not printed");
                self.tell(FaultKind::Missing, *pattern, message);
                return;
            }
            let text = quoted(&self.expectation.patterns[*pattern].text);
            let message = format!("{text} was not printed");
            self.tell(FaultKind::Missing, *pattern, message);
        }
    }

    fn tell_extra(&mut self, findings: &mut Findings<'_>) {
        let (mut before, mut next) = (0, 0);
        let extra = std::mem::take(&mut self.extra);
        for (index, &line) in extra.iter().enumerate() {
            for earlier in next..line {
                let meant = findings.meant_for.get(&earlier).copied();
                let pattern = self.alignment.pattern_of[earlier].or(meant);
                before = pattern.unwrap_or(before);
            }
            next = line;
            let (source_line, message) = if index < MOST {
                let looked_at = index * self.units.len();
                self.extra_line(line, looked_at < PAIRS, findings)
            } else {
                let left = counted(extra.len() - index, "more line");
                (None, format!("{left} that nothing expects"))
            };
            let kind = FaultKind::Extra;
            let fault = Fault { kind, source_line, message };
            self.faults.entry(before).or_default().push(fault);
            if index == MOST {
                return;
            }
        }
    }

    /// What to say of a line that nothing expects, and the line of the
    /// expectation it is like, if there is one.
    fn extra_line(
        &self,
        line: usize,
        look: bool,
        findings: &mut Findings<'_>,
    ) -> (Option<usize>, String) {
        let text = self.lines[line];
        let mut patterns = self.expectation.patterns.iter();
        let alike = patterns.find(|line| look && line.pattern.matches(text));
        let source_line = alike.map(|line| line.source_line);
        let why = match source_line {
            Some(source) => {
                let why = format!("line {source} stands for one line only");
                findings.extra(line, why.clone());
                why
            }
            None => "nothing expects it".to_string(),
        };
        let output = findings.output(line);
        let message = format!("{} was printed ({output}): {why}", quoted(text));
        (source_line, message)
    }
}
