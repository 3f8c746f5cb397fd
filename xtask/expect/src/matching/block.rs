//! The lines of one block against a stretch of output, names and rules left
//! aside.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::expectation::{Expectation, PatternLine, Section, SectionKind};
use crate::language::hole::HoleType;
use crate::language::pattern::{self, Pattern};
use crate::matching::bipartite::Matching;
use crate::matching::sequence;

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
            SectionKind::Exact => self.assign_places(section, lines),
            SectionKind::Lanes => self.assign_lanes(section, lines),
            SectionKind::Any => self.assign_any(section, lines),
            SectionKind::Shared => self.share_some(section, lines),
        }
    }

    /// Each line at its place.
    fn assign_places(&self, section: &Section, lines: &[&str]) -> Assignment {
        let places = section.patterns.clone().zip(lines);
        let fits = |(pattern, line): (usize, &&str)| {
            self.patterns[pattern].pattern.matches(line).then_some(pattern)
        };
        places.map(fits).collect()
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
        // What no literal wants is matched with what has holes.
        let free = groups.assign_literals(lines, &mut assigned);
        let texts: Vec<&str> = free.iter().map(|line| lines[*line]).collect();
        let matching = match_holed(&groups.holed, &texts);
        for (index, group) in groups.holed.iter().enumerate() {
            let mut members = matching.members(index).to_vec();
            members.sort_unstable();
            for (line, pattern) in members.iter().zip(&group.members) {
                assigned[free[*line]] = Some(*pattern);
            }
        }
        assigned
    }
}

/// Matches as many lines as possible with what has holes. Of lines of one
/// text, the first goes before any other is looked at: if there are too many
/// lines, those that say something new are matched.
fn match_holed(groups: &[Group<'_>], lines: &[&str]) -> Matching {
    let fits =
        |group: usize, line: usize| groups[group].pattern.matches(lines[line]);
    let capacities = groups.iter().map(|g| g.members.len()).collect();
    let mut matching = Matching::new(capacities, lines.len());
    let mut seen = HashSet::new();
    let (first, again): (Vec<usize>, Vec<usize>) =
        (0..lines.len()).partition(|line| seen.insert(lines[*line]));
    let mut open: Vec<usize> = (0..groups.len()).collect();
    let mut wanted = vec![false; lines.len()];
    for picked in [first, again] {
        for &line in &picked {
            wanted[line] = true;
            let fit = open.iter().position(|&group| fits(group, line));
            if let Some(at) = fit {
                matching.assign(line, open[at]);
                if !matching.has_room(open[at]) {
                    open.remove(at);
                }
            }
        }
        let neighbours = |line: usize| -> Vec<usize> {
            (0..groups.len()).filter(|&group| fits(group, line)).collect()
        };
        matching.maximise(|line| {
            if wanted[line] { neighbours(line) } else { Vec::new() }
        });
        open.retain(|&group| matching.has_room(group));
    }
    matching
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
