//! What names and rules ask of a run whose lines all have a pattern, put
//! down for the [search](super::search): which lines each pattern may take,
//! and which texts the names would stand for.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use crate::expectation::{Expectation, PatternLine, Section, SectionKind};
use crate::language::hole::HoleType;
use crate::language::pattern::{Pattern, Ranges};
use crate::matching::alignment::Alignment;
use crate::matching::block::Groups;

/// As many ways to cut one line at one pattern are looked at.
const SPLITS: usize = 10_000;

/// The names of an expectation's holes, in order of appearance.
#[derive(Debug)]
pub(crate) struct Names<'e> {
    pub(crate) list: Vec<(&'e str, HoleType)>,
    index: HashMap<&'e str, usize>,
}

impl<'e> Names<'e> {
    pub(crate) fn of(expectation: &'e Expectation) -> Self {
        let mut names = Names { list: Vec::new(), index: HashMap::new() };
        for line in &expectation.patterns {
            for hole in line.pattern.holes() {
                let Some(name) = hole.name.as_deref() else { continue };
                names.index.entry(name).or_insert_with(|| {
                    names.list.push((name, hole.kind));
                    names.list.len() - 1
                });
            }
        }
        names
    }

    pub(crate) fn get(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The names of a pattern, with the numbers of their holes.
    pub(crate) fn in_pattern<'s>(
        &'s self,
        pattern: &'s Pattern,
    ) -> impl Iterator<Item = (usize, usize)> + 's {
        pattern.holes().iter().enumerate().filter_map(|(at, hole)| {
            Some((at, self.get(hole.name.as_deref()?)?))
        })
    }
}

/// Which names and rules are to hold. To find what is wrong with a run, some
/// are left out.
#[derive(Debug, Clone)]
pub(crate) struct Enforced {
    /// For each name: does it stand for one text?
    pub(crate) names: Vec<bool>,
    /// Do names of type `pid` stand for different texts?
    pub(crate) distinct: bool,
    /// For each rule: does it hold?
    pub(crate) rules: Vec<bool>,
    /// A pattern whose names say nothing.
    pub(crate) free: Option<usize>,
}

impl Enforced {
    /// Does the name hold in this pattern?
    pub(super) fn binds(&self, pattern: usize, name: usize) -> bool {
        self.names[name] && self.free != Some(pattern)
    }
}

/// One or more patterns that are alike, and the lines they may take.
pub(super) struct Slot {
    /// The patterns, in order. They take as many lines.
    pub(super) members: Vec<usize>,
    /// Sorted by line.
    pub(super) edges: Vec<Edge>,
    /// The names in the patterns.
    pub(crate) names: Vec<usize>,
    /// The rules by which these lines come first.
    pub(crate) first: Vec<usize>,
    /// The rules by which these lines come after others.
    pub(crate) then: Vec<usize>,
}

/// A line a slot may take, in one of the ways it matches.
pub(super) struct Edge {
    pub(crate) line: usize,
    /// The names and the values they take by it.
    pub(crate) way: Vec<(usize, usize)>,
}

/// The slots of an `@any` block with names or labels, which together take
/// all lines of a stretch.
pub(crate) struct OpenBlock {
    pub(super) slots: Range<usize>,
    pub(crate) lines: Range<usize>,
}

/// The whole of it.
pub(super) struct Problem<'l> {
    pub(super) slots: Vec<Slot>,
    pub(crate) blocks: Vec<OpenBlock>,
    /// The texts that names may stand for.
    pub(crate) values: Vec<&'l str>,
    /// For each name that is enforced: is it of type `pid`, so that it
    /// differs from the others of that type?
    pub(crate) distinct: Vec<bool>,
}

/// There are more ways than can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooHard;

/// A count of steps that comes to an end.
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) fn new(steps: usize) -> Self {
        Budget(steps)
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), TooHard> {
        self.0 = self.0.checked_sub(steps).ok_or(TooHard)?;
        Ok(())
    }

    /// Takes a part of it, to be given back when something is left.
    pub(crate) fn take(&mut self, most: usize) -> Budget {
        let taken = self.0.min(most);
        self.0 -= taken;
        Budget(taken)
    }

    pub(super) fn give_back(&mut self, rest: Budget) {
        self.0 += rest.0;
    }
}

/// A run whose lines all have a pattern, names and rules left aside.
pub(crate) struct Question<'q, 'l> {
    pub(crate) expectation: &'q Expectation,
    pub(crate) names: &'q Names<'q>,
    pub(crate) lines: &'q [&'l str],
    pub(crate) alignment: &'q Alignment,
}

impl<'l> Problem<'l> {
    pub(super) fn build(
        question: &Question<'_, 'l>,
        enforced: &Enforced,
        budget: &mut Budget,
    ) -> Result<Self, TooHard> {
        let &Question { expectation, names, lines, alignment } = question;
        let is_pid = |(_, kind): &(&str, HoleType)| *kind == HoleType::Pid;
        let pids = names.list.iter().map(is_pid);
        let mut builder = Builder {
            expectation,
            names,
            enforced,
            lines,
            budget,
            value_index: HashMap::new(),
            problem: Problem {
                slots: Vec::new(),
                blocks: Vec::new(),
                values: Vec::new(),
                distinct: pids.map(|pid| pid && enforced.distinct).collect(),
            },
        };
        for section in &expectation.sections {
            let mut patterns = section.patterns.clone();
            if !patterns.any(|pattern| builder.is_bound(pattern)) {
                continue;
            }
            if section.kind == SectionKind::Any {
                builder.open_block(section)?;
            } else {
                builder.fixed_lines(section, alignment)?;
            }
        }
        Ok(builder.problem)
    }
}

struct Builder<'b, 'l> {
    expectation: &'b Expectation,
    names: &'b Names<'b>,
    enforced: &'b Enforced,
    lines: &'b [&'l str],
    budget: &'b mut Budget,
    value_index: HashMap<&'l str, usize>,
    problem: Problem<'l>,
}

impl<'b, 'l> Builder<'b, 'l> {
    fn line(&self, pattern: usize) -> &'b PatternLine {
        &self.expectation.patterns[pattern]
    }

    fn name_list(&self, pattern: usize) -> Vec<usize> {
        let names = self.names.in_pattern(&self.line(pattern).pattern);
        let mut list: Vec<usize> = names
            .map(|(_, name)| name)
            .filter(|name| self.enforced.binds(pattern, *name))
            .collect();
        list.sort_unstable();
        list.dedup();
        list
    }

    /// The rules for which `label` yields a label of the line.
    fn rule_list(
        &self,
        line: &PatternLine,
        label: impl Fn(usize) -> &'b str,
    ) -> Vec<usize> {
        let rules = 0..self.expectation.rules.len();
        rules
            .filter(|rule| self.enforced.rules[*rule])
            .filter(|rule| line.has_label(label(*rule)))
            .collect()
    }

    fn slot(&self, members: Vec<usize>) -> Slot {
        let line = self.line(members[0]);
        let rules = &self.expectation.rules;
        Slot {
            edges: Vec::new(),
            names: self.name_list(members[0]),
            first: self.rule_list(line, |rule| &rules[rule].first),
            then: self.rule_list(line, |rule| &rules[rule].then),
            members,
        }
    }

    /// Does a name or a rule say anything of the pattern?
    fn is_bound(&self, pattern: usize) -> bool {
        let (line, rules) = (self.line(pattern), &self.expectation.rules);
        !self.name_list(pattern).is_empty()
            || !self.rule_list(line, |rule| &rules[rule].first).is_empty()
            || !self.rule_list(line, |rule| &rules[rule].then).is_empty()
    }

    /// Lines whose place is known.
    fn fixed_lines(
        &mut self,
        section: &Section,
        alignment: &Alignment,
    ) -> Result<(), TooHard> {
        for pattern in section.patterns.clone() {
            if !self.is_bound(pattern) {
                continue;
            }
            let mut slot = self.slot(vec![pattern]);
            if let Some(line) = alignment.line_of[pattern] {
                self.add_edges(&mut slot, line)?;
            }
            self.problem.slots.push(slot);
        }
        Ok(())
    }

    fn open_block(&mut self, section: &Section) -> Result<(), TooHard> {
        let lines = section.patterns.clone();
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for line in lines.clone() {
            places.entry(self.lines[line]).or_default().push(line);
        }
        let start = self.problem.slots.len();
        let patterns = &self.expectation.patterns;
        let free = self.enforced.free.map(|free| patterns[free].source_line);
        let groups = Groups::of(patterns, section, |line| {
            let free = free == Some(line.source_line);
            format!("{}  {} {free}", line.pattern, line.labels.join(" "))
        });
        for group in groups.literal {
            let mut slot = self.slot(group.members);
            let text = group.pattern.as_literal().unwrap_or_default();
            for line in places.get(text).into_iter().flatten() {
                self.add_edges(&mut slot, *line)?;
            }
            self.problem.slots.push(slot);
        }
        for group in groups.holed {
            let mut slot = self.slot(group.members);
            for line in lines.clone() {
                self.add_edges(&mut slot, line)?;
            }
            self.problem.slots.push(slot);
        }
        let slots = start..self.problem.slots.len();
        self.problem.blocks.push(OpenBlock { slots, lines });
        Ok(())
    }

    /// Adds the ways in which the slot can take the line.
    fn add_edges(
        &mut self,
        slot: &mut Slot,
        line: usize,
    ) -> Result<(), TooHard> {
        let pattern = &self.line(slot.members[0]).pattern;
        let text = self.lines[line];
        if slot.names.is_empty() {
            if pattern.matches(text) {
                self.budget.spend(1)?;
                slot.edges.push(Edge { line, way: Vec::new() });
            }
            return Ok(());
        }
        let from = slot.edges.len();
        for way in self.ways(pattern, text)? {
            let edge = Edge { line, way };
            if !slot.edges[from..].iter().any(|old| old.way == edge.way) {
                self.budget.spend(1)?;
                slot.edges.push(edge);
            }
        }
        Ok(())
    }

    fn ways(
        &mut self,
        pattern: &Pattern,
        text: &'l str,
    ) -> Result<Vec<Vec<(usize, usize)>>, TooHard> {
        let named: Vec<(usize, usize)> = self
            .names
            .in_pattern(pattern)
            .filter(|(_, name)| self.enforced.names[*name])
            .collect();
        let mut splits: Vec<Vec<(usize, &'l str)>> = Vec::new();
        let mut count = 0;
        pattern.for_each_split(text, Ranges::Checked, &mut |texts| {
            count += 1;
            let way: Vec<(usize, &'l str)> =
                named.iter().map(|&(at, name)| (name, texts[at])).collect();
            if splits.last() != Some(&way) {
                splits.push(way);
            }
            if count > SPLITS {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        if count > SPLITS {
            return Err(TooHard);
        }
        let consistent = splits.into_iter().filter_map(|split| {
            let mut way: Vec<(usize, usize)> = split
                .into_iter()
                .map(|(name, text)| (name, self.value(text)))
                .collect();
            way.sort_unstable();
            way.dedup();
            self.agrees(&way).then_some(way)
        });
        Ok(consistent.collect())
    }

    /// Does each name have one value, and does no pid stand for two names?
    fn agrees(&self, way: &[(usize, usize)]) -> bool {
        let is_pid = |name: usize| self.problem.distinct[name];
        way.iter().enumerate().all(|(index, &(name, value))| {
            way[..index].iter().all(|&(other, other_value)| {
                let both_pids = is_pid(name) && is_pid(other);
                name != other && !(both_pids && value == other_value)
            })
        })
    }

    fn value(&mut self, text: &'l str) -> usize {
        let values = &mut self.problem.values;
        *self.value_index.entry(text).or_insert_with(|| {
            values.push(text);
            values.len() - 1
        })
    }
}
