//! Which line of output stands for which line of the expectation, names and
//! rules left aside, also where the two do not agree.

use std::collections::HashSet;
use std::ops::Range;

use super::bipartite::Matching;
use super::block::Groups;
use super::pattern::Pattern;
use super::sequence::{self, Stretch, Units};
use super::{Expectation, Section, SectionKind};

/// How lines and patterns were put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    /// The pattern of each line.
    pub(super) pattern_of: Vec<Option<usize>>,
    /// The line of each pattern.
    pub(super) line_of: Vec<Option<usize>>,
}

impl Alignment {
    fn new(patterns: usize, lines: usize) -> Self {
        let (pattern_of, line_of) = (vec![None; lines], vec![None; patterns]);
        Alignment { pattern_of, line_of }
    }

    pub(super) fn put(&mut self, pattern: usize, line: usize) {
        self.pattern_of[line] = Some(pattern);
        self.line_of[pattern] = Some(line);
    }

    /// Is each line matched, and each pattern?
    pub(super) fn is_perfect(&self) -> bool {
        self.pattern_of.iter().chain(&self.line_of).all(Option::is_some)
    }
}

/// With more lines times patterns than this, what matches as a whole at the
/// start is not looked at again.
const AGAIN: usize = 200_000;

/// A step of the expectation: an exact line, or a block.
enum Unit<'e> {
    Line(usize),
    Block(&'e Section, Groups<'e>, HashSet<&'e str>),
}

impl Expectation {
    /// Aligns `lines` with the patterns, as many of them as possible.
    pub(super) fn align(&self, lines: &[&str]) -> Alignment {
        let mut alignment = Alignment::new(self.patterns.len(), lines.len());
        let (mut section, mut line) = self.walk(lines, &mut alignment);
        let perfect = alignment.is_perfect();
        if !perfect && lines.len() * self.patterns.len() <= AGAIN {
            // A loose block may have taken what belongs to the one after it.
            alignment = Alignment::new(self.patterns.len(), lines.len());
            (section, line) = (0, 0);
        }
        if !perfect && section < self.sections.len() && line < lines.len() {
            let units = UnitList::new(self, section, lines);
            units.align(line, &mut alignment);
        }
        alignment
    }

    /// Matches section after section, as long as each matches as a whole.
    /// Returns the section and the line where that ends.
    fn walk(
        &self,
        lines: &[&str],
        alignment: &mut Alignment,
    ) -> (usize, usize) {
        let mut line = 0;
        for (index, section) in self.sections.iter().enumerate() {
            let end = line + section.patterns.len();
            let Some(stretch) = lines.get(line..end) else {
                return (index, line);
            };
            let assigned = if section.kind == SectionKind::Exact {
                self.assign_places(section, stretch)
            } else {
                self.assign(section, stretch)
            };
            if !assigned.iter().all(Option::is_some) {
                return (index, line);
            }
            for (offset, pattern) in assigned.into_iter().enumerate() {
                if let Some(pattern) = pattern {
                    alignment.put(pattern, line + offset);
                }
            }
            line = end;
        }
        (self.sections.len(), line)
    }

    /// Each line at its place, or none.
    fn assign_places(
        &self,
        section: &Section,
        lines: &[&str],
    ) -> Vec<Option<usize>> {
        let places = section.patterns.clone().zip(lines);
        let fits = |(pattern, line): (usize, &&str)| {
            self.patterns[pattern].pattern.matches(line).then_some(pattern)
        };
        places.map(fits).collect()
    }
}

/// The expectation from a section on, and the lines it is aligned with.
struct UnitList<'e, 'l> {
    expectation: &'e Expectation,
    units: Vec<Unit<'e>>,
    lines: &'l [&'l str],
}

impl<'e, 'l> UnitList<'e, 'l> {
    fn new(
        expectation: &'e Expectation,
        section: usize,
        lines: &'l [&'l str],
    ) -> Self {
        let mut units = Vec::new();
        for section in &expectation.sections[section..] {
            if section.kind == SectionKind::Exact {
                units.extend(section.patterns.clone().map(Unit::Line));
                continue;
            }
            let groups = Groups::of(&expectation.patterns, section, |line| {
                line.pattern.to_string()
            });
            let texts = groups.literal.iter();
            let texts = texts.filter_map(|g| g.pattern.as_literal()).collect();
            units.push(Unit::Block(section, groups, texts));
        }
        UnitList { expectation, units, lines }
    }

    fn pattern(&self, index: usize) -> &'e Pattern {
        &self.expectation.patterns[index].pattern
    }

    fn align(&self, line: usize, alignment: &mut Alignment) {
        let lines = self.lines.len();
        let stretches = if let [Unit::Block(..)] = self.units[..] {
            vec![Stretch { unit: 0, start: line, end: lines }]
        } else {
            sequence::align(self, 0, line, lines)
        };
        let mut free = line;
        for (index, stretch) in stretches.iter().enumerate() {
            let section = match &self.units[stretch.unit] {
                Unit::Line(pattern) => {
                    alignment.put(*pattern, stretch.start);
                    free = stretch.end;
                    continue;
                }
                Unit::Block(section, ..) => section,
            };
            // What lies between the stretches may belong to the block, too.
            let next = stretches.get(index + 1);
            let end = next.map_or(self.lines.len(), |next| next.start);
            let picked: Vec<usize> = (free..end)
                .filter(|line| alignment.pattern_of[*line].is_none())
                .collect();
            let texts: Vec<&str> =
                picked.iter().map(|line| self.lines[*line]).collect();
            let assigned = self.expectation.assign(section, &texts);
            for (line, pattern) in picked.iter().zip(assigned) {
                if let Some(pattern) = pattern {
                    alignment.put(pattern, *line);
                }
            }
            free = stretch.end;
        }
    }
}

/// A line that matches a pattern without holes is hardly there by chance.
const LITERAL: u32 = 4;

/// How sure it is that a line which matches the pattern is the one meant.
fn sureness(pattern: &Pattern) -> u32 {
    let known = pattern.literals().iter().any(|text| !text.trim().is_empty());
    match (pattern.holes().is_empty(), known) {
        (true, _) => LITERAL,
        (false, true) => 3,
        (false, false) => 2,
    }
}

impl Units for UnitList<'_, '_> {
    fn len(&self) -> usize {
        self.units.len()
    }

    fn block_size(&self, unit: usize) -> Option<usize> {
        match &self.units[unit] {
            Unit::Line(_) => None,
            Unit::Block(section, ..) => Some(section.patterns.len()),
        }
    }

    fn fit(&self, unit: usize, line: usize) -> u32 {
        let text = self.lines[line];
        match &self.units[unit] {
            Unit::Line(pattern) => {
                let pattern = self.pattern(*pattern);
                // Lines with a place hold the blocks between them in theirs.
                if pattern.matches(text) { sureness(pattern) + 1 } else { 0 }
            }
            Unit::Block(_, _, texts) if texts.contains(text) => LITERAL,
            Unit::Block(_, groups, _) => {
                let patterns = groups.holed.iter().map(|g| g.pattern);
                let fits = patterns.filter(|p| p.matches(text));
                fits.map(sureness).max().unwrap_or(0)
            }
        }
    }

    fn gains(&self, unit: usize, lines: Range<usize>) -> Vec<Vec<u32>> {
        let Unit::Block(_, groups, _) = &self.units[unit] else {
            return Vec::new();
        };
        let groups: Vec<_> =
            groups.literal.iter().chain(&groups.holed).collect();
        let capacities: Vec<usize> =
            groups.iter().map(|g| g.members.len()).collect();
        let texts = &self.lines[lines];
        let neighbours = |text: &&str| {
            let fits = |&g: &usize| groups[g].pattern.matches(text);
            (0..groups.len()).filter(fits).collect()
        };
        let adjacent: Vec<Vec<usize>> = texts.iter().map(neighbours).collect();
        let from = |start: usize| {
            let mut matching = Matching::new(capacities.clone(), texts.len());
            let mut matched = 0;
            let gain = |line| {
                matched += u32::from(matching.add(line, &adjacent));
                matched
            };
            (start..texts.len()).map(gain).collect()
        };
        (0..texts.len()).map(from).collect()
    }
}
