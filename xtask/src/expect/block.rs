//! The lines of one block against a stretch of output, names and rules left
//! aside.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::bipartite::Matching;
use super::hole::HoleType;
use super::pattern::{self, Pattern};
use super::sequence;
use super::{Expectation, PatternLine, Section, SectionKind};

/// The pattern of each line of a stretch, if it has one.
pub(super) type Assignment = Vec<Option<usize>>;

impl Expectation {
    /// Matches as many of `lines` as possible with the section's patterns,
    /// as its kind demands.
    pub(super) fn assign(
        &self,
        section: &Section,
        lines: &[&str],
    ) -> Assignment {
        match section.kind {
            SectionKind::Exact => {
                let patterns: Vec<usize> = section.patterns.clone().collect();
                let all: Vec<usize> = (0..lines.len()).collect();
                let mut assigned = vec![None; lines.len()];
                self.assign_in_order(&patterns, &all, lines, &mut assigned);
                assigned
            }
            SectionKind::Lanes => self.assign_lanes(section, lines),
            SectionKind::Any => self.assign_any(section, lines),
        }
    }

    fn assign_in_order(
        &self,
        patterns: &[usize],
        picked: &[usize],
        lines: &[&str],
        assigned: &mut Assignment,
    ) {
        let pairs =
            sequence::align_lines(patterns.len(), picked.len(), |p, l| {
                self.patterns[patterns[p]].pattern.matches(lines[picked[l]])
            });
        for (pattern, line) in pairs {
            assigned[picked[line]] = Some(patterns[pattern]);
        }
    }

    fn assign_lanes(&self, section: &Section, lines: &[&str]) -> Assignment {
        let mut lanes: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for pattern in section.patterns.clone() {
            if let Some(actor) = self.patterns[pattern].pattern.actor() {
                lanes.entry(actor).or_default().0.push(pattern);
            }
        }
        for (line, text) in lines.iter().enumerate() {
            let lane = pattern::actor(text).and_then(|a| lanes.get_mut(a));
            if let Some((_, picked)) = lane {
                picked.push(line);
            }
        }
        let mut assigned = vec![None; lines.len()];
        for (patterns, picked) in lanes.values() {
            self.assign_in_order(patterns, picked, lines, &mut assigned);
        }
        assigned
    }

    fn assign_any(&self, section: &Section, lines: &[&str]) -> Assignment {
        let mut assigned = vec![None; lines.len()];
        let groups = Groups::of(&self.patterns, section, |line| {
            line.pattern.to_string()
        });
        let mut free = groups.assign_literals(lines, &mut assigned);
        // Lines that no literal wants are matched with what has holes.
        free.retain(|line| assigned[*line].is_none());
        let holed = &groups.holed;
        let capacities = holed.iter().map(|g| g.members.len()).collect();
        let mut matching = Matching::new(capacities, free.len());
        let mut open: Vec<usize> = (0..holed.len()).collect();
        for (index, line) in free.iter().enumerate() {
            let fits = |&g: &usize| holed[g].pattern.matches(lines[*line]);
            if let Some(at) = open.iter().position(fits) {
                let group = open[at];
                matching.assign(index, group);
                if !matching.has_room(group) {
                    open.remove(at);
                }
            }
        }
        matching.maximise(|index| {
            let text = lines[free[index]];
            let fits = |&g: &usize| holed[g].pattern.matches(text);
            (0..holed.len()).filter(fits).collect()
        });
        for (index, group) in holed.iter().enumerate() {
            let mut members = matching.members(index).to_vec();
            members.sort_unstable();
            for (line, pattern) in members.iter().zip(&group.members) {
                assigned[free[*line]] = Some(*pattern);
            }
        }
        assigned
    }
}

/// The patterns of an `@any` block, those that are alike put together.
pub(super) struct Groups<'e> {
    pub(super) literal: Vec<Group<'e>>,
    /// The most specific first.
    pub(super) holed: Vec<Group<'e>>,
}

/// Patterns that are alike, and so may be exchanged for each other.
pub(super) struct Group<'e> {
    pub(super) pattern: &'e Pattern,
    /// Their indices, in order.
    pub(super) members: Vec<usize>,
}

impl<'e> Groups<'e> {
    /// Two patterns are alike if they have the same `key`.
    pub(super) fn of(
        patterns: &'e [PatternLine],
        section: &Section,
        key: impl Fn(&PatternLine) -> String,
    ) -> Self {
        let mut index: HashMap<String, usize> = HashMap::new();
        let mut groups: Vec<Group<'_>> = Vec::new();
        for member in section.patterns.clone() {
            let line = &patterns[member];
            let at = *index.entry(key(line)).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.members.push(member),
                None => groups.push(Group {
                    pattern: &line.pattern,
                    members: vec![member],
                }),
            }
        }
        let is_literal = |group: &Group<'_>| group.pattern.holes().is_empty();
        let (literal, mut holed): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(is_literal);
        holed.sort_by_key(|group| Reverse(specificity(group.pattern)));
        Groups { literal, holed }
    }

    /// Gives each literal pattern a line of its text. Returns the lines that
    /// are left.
    fn assign_literals(
        &self,
        lines: &[&str],
        assigned: &mut Assignment,
    ) -> Vec<usize> {
        let mut wanted: HashMap<&str, &[usize]> = HashMap::new();
        for group in &self.literal {
            if let Some(text) = group.pattern.as_literal() {
                wanted.insert(text, &group.members);
            }
        }
        let mut left = Vec::new();
        for (line, text) in lines.iter().enumerate() {
            match wanted.get_mut(text) {
                Some(members) if !members.is_empty() => {
                    assigned[line] = Some(members[0]);
                    *members = &members[1..];
                }
                _ => left.push(line),
            }
        }
        left
    }
}

/// The more of a pattern is fixed, the larger.
fn specificity(pattern: &Pattern) -> (usize, Reverse<usize>) {
    let literal = pattern.literals().iter().map(String::len).sum();
    let loose = pattern.holes().iter().map(|hole| match hole.kind {
        HoleType::Pid => 1,
        HoleType::Int | HoleType::Float => {
            if hole.range.is_some() {
                1
            } else {
                2
            }
        }
        HoleType::Word => 4,
        HoleType::Text => 8,
    });
    (literal, Reverse(loose.sum()))
}
