//! The lines of one block against a stretch of output, names and rules left
//! aside.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use crate::expectation::{Expectation, PatternLine, Section, SectionKind};
use crate::language::hole::HoleType;
use crate::language::pattern::{self, Pattern, Ranges};
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
    let mut fits = Fits::new(groups, lines);
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
            let fit = open.iter().position(|&group| fits.fits(group, line));
            if let Some(at) = fit {
                matching.assign(line, open[at]);
                if !matching.has_room(open[at]) {
                    open.remove(at);
                }
            }
        }
        let mut neighbours = |line: usize| -> Vec<usize> {
            (0..groups.len()).filter(|&group| fits.fits(group, line)).collect()
        };
        matching.maximise(|line| {
            if wanted[line] { neighbours(line) } else { Vec::new() }
        });
        open.retain(|&group| matching.has_room(group));
    }
    matching
}

/// Which of some lines match which groups. Patterns that differ in nothing
/// but their ranges are put to a line only once.
struct Fits<'g, 't> {
    groups: &'g [Group<'g>],
    lines: &'g [&'t str],
    /// The shape of each group, unless it is the only one of it.
    shapes: Vec<Option<usize>>,
    /// For each shape and line, how the line is cut by it.
    cuts: Vec<Vec<Option<Cut<'t>>>>,
}

/// How a line is cut by a pattern, ranges left aside.
enum Cut<'t> {
    None,
    /// In one way, to these texts.
    One(Vec<&'t str>),
    Many,
}

impl<'g, 't> Fits<'g, 't> {
    fn new(groups: &'g [Group<'g>], lines: &'g [&'t str]) -> Self {
        let mut index: HashMap<String, (usize, usize)> = HashMap::new();
        let keys: Vec<String> =
            groups.iter().map(|g| g.pattern.without_ranges()).collect();
        for key in &keys {
            let next = index.len();
            index.entry(key.clone()).or_insert((next, 0)).1 += 1;
        }
        let shape = |key| {
            let (shape, groups) = index[key];
            (groups > 1).then_some(shape)
        };
        let shapes = keys.iter().map(shape).collect();
        let cuts = index.iter().map(|_| Vec::new()).collect();
        Fits { groups, lines, shapes, cuts }
    }

    fn fits(&mut self, group: usize, line: usize) -> bool {
        let (pattern, text) = (self.groups[group].pattern, self.lines[line]);
        let Some(shape) = self.shapes[group] else {
            return pattern.matches(text);
        };
        let cuts = &mut self.cuts[shape];
        if cuts.is_empty() {
            cuts.resize_with(self.lines.len(), || None);
        }
        match cuts[line].get_or_insert_with(|| Cut::of(pattern, text)) {
            Cut::None => false,
            Cut::One(texts) => {
                let mut holes = pattern.holes().iter().zip(texts);
                holes.all(|(hole, text)| hole.in_range(text))
            }
            Cut::Many => pattern.matches(text),
        }
    }
}

impl<'t> Cut<'t> {
    fn of(pattern: &Pattern, text: &'t str) -> Self {
        let mut cut = Cut::None;
        pattern.for_each_split(text, Ranges::Ignored, &mut |texts| {
            if let Cut::None = cut {
                cut = Cut::One(texts.to_vec());
                return ControlFlow::Continue(());
            }
            cut = Cut::Many;
            ControlFlow::Break(())
        });
        cut
    }
}

/// The patterns of an `@any` block, those that are alike put together.
pub(super) struct Groups<'e> {
    pub(crate) literal: Vec<Group<'e>>,
    /// The most specific first.
    pub(super) holed: Vec<Group<'e>>,
}

/// Patterns that are alike, and so may be exchanged for each other.
pub(super) struct Group<'e> {
    pub(crate) pattern: &'e Pattern,
    /// Their indices, in order.
    pub(super) members: Vec<usize>,
}

impl<'e> Groups<'e> {
    /// Two patterns are alike if they have the same `key`.
    pub(crate) fn of(
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
