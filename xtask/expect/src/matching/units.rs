//! The expectation as a sequence of exact lines and blocks, to be aligned with
//! what was printed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::expectation::{Expectation, Section, SectionKind};
use crate::language::pattern::{self, Pattern};
use crate::matching::alignment::Alignment;
use crate::matching::bipartite::{Adjacent, Matching};
use crate::matching::block::Groups;
use crate::matching::sequence::{self, Stretch, Units};

/// A step of the expectation: an exact line, or a block.
enum Unit<'e> {
    Line(usize),
    Block(&'e Section, Groups<'e>, HashSet<&'e str>),
}

/// The expectation from a section on, and the lines it is aligned with.
pub(super) struct UnitList<'e, 'l> {
    expectation: &'e Expectation,
    units: Vec<Unit<'e>>,
    lines: &'l [&'l str],
}

impl<'e, 'l> UnitList<'e, 'l> {
    pub(super) fn new(
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

    /// Aligns the lines from `line` on.
    pub(super) fn align(&self, line: usize, alignment: &mut Alignment) {
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
        match &self.units[unit] {
            Unit::Line(_) => Vec::new(),
            Unit::Block(section, groups, _) => match section.kind {
                SectionKind::Lanes => {
                    self.lane_gains(section, &self.lines[lines])
                }
                _ => any_gains(groups, &self.lines[lines]),
            },
        }
    }
}

impl UnitList<'_, '_> {
    /// How many lines of each stretch can be matched, each lane in its order.
    fn lane_gains(&self, section: &Section, lines: &[&str]) -> Vec<Vec<u32>> {
        let mut lanes: HashMap<&str, Vec<&Pattern>> = HashMap::new();
        for pattern in section.patterns.clone().map(|p| self.pattern(p)) {
            if let Some(actor) = pattern.actor() {
                lanes.entry(actor).or_default().push(pattern);
            }
        }
        let from = |start: usize| {
            // For each lane: how many lines its first patterns match.
            let mut best: HashMap<&str, Vec<u32>> = HashMap::new();
            let mut matched = 0;
            let gain = |text: &&str| {
                let actor = pattern::actor(text).unwrap_or_default();
                let lane = lanes.get_key_value(actor);
                let Some((&actor, patterns)) = lane else { return matched };
                let empty = || vec![0; patterns.len() + 1];
                let row = best.entry(actor).or_insert_with(empty);
                matched -= row[patterns.len()];
                let mut above = 0;
                for (index, pattern) in patterns.iter().enumerate() {
                    let here = above + u32::from(pattern.matches(text));
                    above = row[index + 1];
                    row[index + 1] = here.max(above).max(row[index]);
                }
                matched += row[patterns.len()];
                matched
            };
            lines[start..].iter().map(gain).collect()
        };
        (0..lines.len()).map(from).collect()
    }
}

/// How many lines of each stretch can be matched in any order.
fn any_gains(groups: &Groups<'_>, lines: &[&str]) -> Vec<Vec<u32>> {
    let groups: Vec<_> = groups.literal.iter().chain(&groups.holed).collect();
    let capacities: Vec<usize> =
        groups.iter().map(|g| g.members.len()).collect();
    let mut adjacent = Adjacent::new(lines.len(), |line| {
        let fits = |&g: &usize| groups[g].pattern.matches(lines[line]);
        (0..groups.len()).filter(fits).collect()
    });
    let from = |start: usize| {
        let mut matching = Matching::new(capacities.clone(), lines.len());
        let mut matched = 0;
        let gain = |line| {
            matched += u32::from(matching.add(line, &mut adjacent));
            matched
        };
        (start..lines.len()).map(gain).collect()
    };
    (0..lines.len()).map(from).collect()
}
