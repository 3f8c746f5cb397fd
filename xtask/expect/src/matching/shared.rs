//! The lines of a `@shared` block against a stretch of output: each actor's
//! own lines come in the order that is written, and each line is taken once.

use std::collections::{HashMap, HashSet};

use crate::expectation::{Expectation, Section};
use crate::language::pattern;
use crate::matching::bipartite::Matching;
use crate::matching::block::{Assignment, Groups};

/// As many steps are taken to share out the lines of one block.
const STEPS: usize = 200_000;

/// More ways are open than can be looked at.
pub(super) struct TooHard;

impl Expectation {
    /// Matches all lines with the section's patterns, if there is a way.
    pub(super) fn share_out(
        &self,
        section: &Section,
        lines: &[&str],
    ) -> Result<Option<Assignment>, TooHard> {
        let patterns = section.patterns.clone();
        let lanes = lanes(lines);
        // Each written line goes to the first actor whose next line it is.
        let (mut next, mut takers) = (vec![0; lanes.len()], Vec::new());
        let mut open = false;
        for pattern in patterns.clone() {
            let pattern = &self.patterns[pattern].pattern;
            let fits = |lane: &usize| {
                let line = lanes[*lane].get(next[*lane]);
                line.is_some_and(|line| pattern.matches(lines[*line]))
            };
            let mut fitting = (0..lanes.len()).filter(fits);
            let Some(lane) = fitting.next() else { break };
            open |= fitting.next().is_some();
            next[lane] += 1;
            takers.push(lane);
        }
        if takers.len() < patterns.len() {
            if !open {
                return Ok(None);
            }
            let search = Search::new(self, section, lines, &lanes);
            match search.run()? {
                Some(found) => takers = found,
                None => return Ok(None),
            }
        }
        let mut assigned = vec![None; lines.len()];
        next.fill(0);
        for (pattern, lane) in patterns.zip(takers) {
            assigned[lanes[lane][next[lane]]] = Some(pattern);
            next[lane] += 1;
        }
        Ok(Some(assigned))
    }

    /// Matches as many lines as the first way takes: each line goes with the
    /// first free pattern after that of its actor's line before it.
    pub(super) fn share_some(
        &self,
        section: &Section,
        lines: &[&str],
    ) -> Assignment {
        let mut assigned = vec![None; lines.len()];
        let mut free: Vec<usize> = section.patterns.clone().collect();
        let mut last: HashMap<&str, usize> = HashMap::new();
        for (line, text) in lines.iter().enumerate() {
            let actor = pattern::actor(text).unwrap_or_default();
            let after = last.get(actor).map_or(0, |last| last + 1);
            let fits = |pattern: &usize| {
                let pattern = *pattern;
                pattern >= after && self.patterns[pattern].pattern.matches(text)
            };
            if let Some(at) = free.iter().position(fits) {
                let pattern = free.remove(at);
                last.insert(actor, pattern);
                assigned[line] = Some(pattern);
            }
        }
        assigned
    }
}

/// The lines of each actor.
fn lanes(lines: &[&str]) -> Vec<Vec<usize>> {
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut lanes: Vec<Vec<usize>> = Vec::new();
    for (line, text) in lines.iter().enumerate() {
        let actor = pattern::actor(text).unwrap_or_default();
        let lane = *index.entry(actor).or_insert(lanes.len());
        if lane == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[lane].push(line);
    }
    lanes
}

/// The search for a way, where the first one leads nowhere.
struct Search {
    /// The group of each written line, those alike in one.
    wanted: Vec<usize>,
    groups: usize,
    /// For each line of each lane, the groups it fits.
    fits: Vec<Vec<Vec<usize>>>,
    /// For each lane and each number of lines taken from it, what is left: the
    /// same for lanes of which the same is left.
    left: Vec<Vec<usize>>,
}

impl Search {
    fn new(
        expectation: &Expectation,
        section: &Section,
        lines: &[&str],
        lanes: &[Vec<usize>],
    ) -> Self {
        let groups = Groups::of(&expectation.patterns, section, |line| {
            line.pattern.to_string()
        });
        let start = section.patterns.start;
        let mut wanted = vec![0; section.patterns.len()];
        for (index, group) in groups.holed.iter().enumerate() {
            for member in &group.members {
                wanted[member - start] = index;
            }
        }
        let fit = |line: &usize| -> Vec<usize> {
            let patterns = groups.holed.iter().enumerate();
            let fits =
                patterns.filter(|(_, g)| g.pattern.matches(lines[*line]));
            fits.map(|(index, _)| index).collect()
        };
        let fits: Vec<Vec<Vec<usize>>> =
            lanes.iter().map(|lane| lane.iter().map(fit).collect()).collect();
        let mut known: HashMap<(&[usize], usize), usize> = HashMap::new();
        let mut left = Vec::with_capacity(lanes.len());
        for lane in &fits {
            let mut rest = vec![0];
            for line in lane.iter().rev() {
                let next = known.len() + 1;
                let after = rest[rest.len() - 1];
                rest.push(*known.entry((line, after)).or_insert(next));
            }
            rest.reverse();
            left.push(rest);
        }
        Search { wanted, groups: groups.holed.len(), fits, left }
    }

    /// The lane that takes each written line.
    fn run(&self) -> Result<Option<Vec<usize>>, TooHard> {
        if !self.could_match() {
            return Ok(None);
        }
        let mut next = vec![0; self.fits.len()];
        let mut takers: Vec<usize> = Vec::with_capacity(self.wanted.len());
        let mut from = 0;
        let mut dead: HashSet<Vec<usize>> = HashSet::new();
        let mut steps = STEPS;
        while takers.len() < self.wanted.len() {
            steps = steps.checked_sub(1).ok_or(TooHard)?;
            let wanted = self.wanted[takers.len()];
            let lane = (from..next.len()).find(|&lane| {
                let line = self.fits[lane].get(next[lane]);
                line.is_some_and(|fits| fits.contains(&wanted))
            });
            match lane {
                Some(lane) => {
                    next[lane] += 1;
                    if dead.contains(&self.state(&next)) {
                        next[lane] -= 1;
                        from = lane + 1;
                    } else {
                        takers.push(lane);
                        from = 0;
                    }
                }
                None => {
                    dead.insert(self.state(&next));
                    let Some(lane) = takers.pop() else { return Ok(None) };
                    next[lane] -= 1;
                    from = lane + 1;
                }
            }
        }
        Ok(Some(takers))
    }

    /// What is left of all lanes, whichever has it.
    fn state(&self, next: &[usize]) -> Vec<usize> {
        let lanes = self.left.iter().zip(next);
        let mut state: Vec<usize> = lanes.map(|(left, n)| left[*n]).collect();
        state.sort_unstable();
        state
    }

    /// Is there a line for each written one, the order left aside?
    fn could_match(&self) -> bool {
        let mut room = vec![0; self.groups];
        for group in &self.wanted {
            room[*group] += 1;
        }
        let lines: Vec<&Vec<usize>> = self.fits.iter().flatten().collect();
        let mut matching = Matching::new(room, lines.len());
        matching.maximise(|line| lines[line].clone());
        matching.is_perfect()
    }
}
