//! The lines of a `@shared` block against a stretch of output: each actor's
//! own lines come in the order that is written, and each line is taken once.

use std::collections::{HashMap, HashSet};

use super::block::Assignment;
use super::pattern;
use super::{Expectation, Section};

/// As many steps are taken to share out the lines of one block.
const STEPS: usize = 200_000;

/// More ways are open than can be looked at.
pub(super) struct TooHard;

impl Expectation {
    /// Matches all lines, or else as many as the first way that offers takes.
    pub(super) fn assign_shared(
        &self,
        section: &Section,
        lines: &[&str],
    ) -> Assignment {
        let whole = self.share_out(section, lines).ok().flatten();
        whole.unwrap_or_else(|| self.share_some(section, lines))
    }

    /// Gives each written line, in turn, to an actor whose next line it is.
    pub(super) fn share_out(
        &self,
        section: &Section,
        lines: &[&str],
    ) -> Result<Option<Assignment>, TooHard> {
        let patterns = section.patterns.clone();
        if patterns.len() != lines.len() {
            return Ok(None);
        }
        let lanes = lanes(lines);
        let mut next = vec![0; lanes.len()];
        // Which lane took each pattern so far, and from which lane on others
        // are to be tried.
        let mut taken: Vec<usize> = Vec::with_capacity(lines.len());
        let mut from = 0;
        let mut dead: HashSet<Vec<usize>> = HashSet::new();
        let mut steps = 0;
        while taken.len() < patterns.len() {
            steps += 1;
            if steps > STEPS + lines.len() {
                return Err(TooHard);
            }
            let pattern = &self.patterns[patterns.start + taken.len()].pattern;
            let fits = |lane: &usize| {
                let line = lanes[*lane].get(next[*lane]);
                line.is_some_and(|line| pattern.matches(lines[*line]))
            };
            let mut fitting = (from..lanes.len()).filter(fits);
            if let Some(lane) = fitting.next() {
                let choice = fitting.next().is_some() || from > 0;
                next[lane] += 1;
                if choice && dead.contains(&next) {
                    next[lane] -= 1;
                    from = lane + 1;
                    continue;
                }
                taken.push(lane);
                from = 0;
            } else {
                dead.insert(next.clone());
                let Some(lane) = taken.pop() else { return Ok(None) };
                next[lane] -= 1;
                from = lane + 1;
            }
        }
        let mut assigned = vec![None; lines.len()];
        next.fill(0);
        for (pattern, lane) in patterns.zip(taken) {
            assigned[lanes[lane][next[lane]]] = Some(pattern);
            next[lane] += 1;
        }
        Ok(Some(assigned))
    }

    /// Each line takes the first free pattern after that of the actor's line
    /// before it.
    fn share_some(&self, section: &Section, lines: &[&str]) -> Assignment {
        let mut assigned = vec![None; lines.len()];
        let mut free: Vec<usize> = section.patterns.clone().collect();
        let mut last: HashMap<&str, usize> = HashMap::new();
        for (line, text) in lines.iter().enumerate() {
            let actor = pattern::actor(text).unwrap_or_default();
            let after = last.get(actor).map_or(0, |last| last + 1);
            let fits = |pattern: &usize| {
                *pattern >= after
                    && self.patterns[*pattern].pattern.matches(text)
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
