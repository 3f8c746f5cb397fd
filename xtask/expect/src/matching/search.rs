//! The bounded search for an assignment that names and rules agree with.
//!
//! What is decided here is which text each name stands for, and, for each
//! rule, the place in the output that parts the lines before from the lines
//! after. Once these are fixed, each pattern's lines are known, and what is
//! left is a matching. After each decision, all that follows from it is drawn,
//! and a branch is given up as soon as a block can no longer be matched.

use std::collections::HashMap;

use crate::matching::alignment::Alignment;
use crate::matching::bipartite::Matching;
use crate::matching::problem::{
    Budget, Edge, Enforced, OpenBlock, Problem, Question, Slot, TooHard,
};
use crate::matching::symmetry::Symmetry;

/// How many steps a search may take, and how many more for each line. A step
/// is a look at one line a pattern may take.
const STEPS: usize = 500_000;
const STEPS_A_LINE: usize = 20;

/// As much as a search may take.
pub(crate) fn budget(lines: usize) -> Budget {
    Budget::new(STEPS + STEPS_A_LINE * lines)
}

/// Lines assigned to patterns, and the texts of the names.
pub(crate) struct Solution<'l> {
    pub(crate) alignment: Alignment,
    /// The text of each name that was enforced.
    pub(crate) values: Vec<Option<&'l str>>,
}

/// Finds an assignment in which what is enforced holds, if there is one.
pub(crate) fn solve<'l>(
    question: &Question<'_, 'l>,
    enforced: &Enforced,
    budget: &mut Budget,
) -> Result<Option<Solution<'l>>, TooHard> {
    let problem = Problem::build(question, enforced, budget)?;
    let mut search = Search {
        problem: &problem,
        budget,
        symmetry: None,
        make_symmetry: &|| Symmetry::of(question, enforced),
    };
    let first = State::new(&problem, enforced, question.lines.len());
    let Some((state, matchings)) = search.run(first)? else {
        return Ok(None);
    };
    let mut alignment = question.alignment.clone();
    for (block, matching) in problem.blocks.iter().zip(matchings) {
        for (index, slot) in
            problem.slots[block.slots.clone()].iter().enumerate()
        {
            let mut taken = matching.members(index).to_vec();
            taken.sort_unstable();
            for (pattern, line) in slot.members.iter().zip(taken) {
                alignment.put(*pattern, block.lines.start + line);
            }
        }
    }
    let text = |domain: &Vec<usize>| {
        domain.first().map(|value| problem.values[*value])
    };
    let values = state.domains.iter().map(text).collect();
    Ok(Some(Solution { alignment, values }))
}

/// What is still possible.
#[derive(Clone)]
struct State {
    /// The values of each name, sorted. Names not enforced have none.
    domains: Vec<Vec<usize>>,
    /// For each rule, the first and the last place that may part its lines:
    /// those that come first are before it, the others at it or after.
    cuts: Vec<(usize, usize)>,
    /// The names that can no longer be exchanged for their twins.
    marked: Vec<bool>,
}

impl State {
    fn new(problem: &Problem<'_>, enforced: &Enforced, lines: usize) -> Self {
        let mut domains = vec![Vec::new(); enforced.names.len()];
        for slot in &problem.slots {
            for (name, value) in slot.edges.iter().flat_map(|e| &e.way) {
                domains[*name].push(*value);
            }
        }
        for domain in &mut domains {
            domain.sort_unstable();
            domain.dedup();
        }
        State {
            domains,
            cuts: vec![(0, lines); enforced.rules.len()],
            marked: vec![false; enforced.names.len()],
        }
    }

    fn allows(&self, slot: &Slot, edge: &Edge) -> bool {
        let early = |rule: &usize| edge.line < self.cuts[*rule].1;
        let late = |rule: &usize| edge.line >= self.cuts[*rule].0;
        slot.first.iter().all(early)
            && slot.then.iter().all(late)
            && edge.way.iter().all(|(name, value)| {
                self.domains[*name].binary_search(value).is_ok()
            })
    }

    /// Takes a value away from a name. Says whether it was there.
    fn remove(&mut self, name: usize, value: usize) -> bool {
        let domain = &mut self.domains[name];
        match domain.binary_search(&value) {
            Ok(at) => {
                domain.remove(at);
                true
            }
            Err(_) => false,
        }
    }
}

/// A matching for each block, as long as there is one.
type Matchings = Option<Vec<Matching>>;

struct Search<'s, 'l> {
    problem: &'s Problem<'l>,
    budget: &'s mut Budget,
    symmetry: Option<Symmetry>,
    make_symmetry: &'s dyn Fn() -> Symmetry,
}

impl Search<'_, '_> {
    fn run(
        &mut self,
        first: State,
    ) -> Result<Option<(State, Vec<Matching>)>, TooHard> {
        let mut open = vec![first];
        while let Some(mut state) = open.pop() {
            self.budget.spend(1)?;
            let Some(matchings) = self.propagate(&mut state)? else {
                continue;
            };
            if let Some(name) = self.narrowest(&state) {
                self.branch_on_name(state, name, &mut open);
            } else if let Some(rule) = self.open_cut(&state)? {
                let (low, high) = state.cuts[rule];
                let middle = low + (high - low) / 2;
                let mut late = state.clone();
                late.cuts[rule].0 = middle + 1;
                state.cuts[rule].1 = middle;
                open.extend([late, state]);
            } else {
                return Ok(Some((state, matchings)));
            }
        }
        Ok(None)
    }

    /// The name with the fewest values of those with more than one.
    fn narrowest(&self, state: &State) -> Option<usize> {
        (0..state.domains.len())
            .filter(|name| state.domains[*name].len() > 1)
            .min_by_key(|name| state.domains[*name].len())
    }

    /// A rule whose lines could still be taken so that it does not hold.
    fn open_cut(&mut self, state: &State) -> Result<Option<usize>, TooHard> {
        let rules = state.cuts.len();
        let (mut last, mut next) = (vec![0; rules], vec![usize::MAX; rules]);
        for slot in &self.problem.slots {
            if slot.first.is_empty() && slot.then.is_empty() {
                continue;
            }
            self.budget.spend(slot.edges.len())?;
            for edge in slot.edges.iter().filter(|e| state.allows(slot, e)) {
                for rule in &slot.first {
                    last[*rule] = edge.line.max(last[*rule]);
                }
                for rule in &slot.then {
                    next[*rule] = edge.line.min(next[*rule]);
                }
            }
        }
        Ok((0..rules).find(|rule| {
            let (low, high) = state.cuts[*rule];
            low < high && last[*rule] >= next[*rule]
        }))
    }

    /// Tries the first value of a name, and, should that fail, the others.
    fn branch_on_name(
        &mut self,
        mut state: State,
        name: usize,
        open: &mut Vec<State>,
    ) {
        let value = state.domains[name][0];
        let symmetry =
            self.symmetry.get_or_insert_with(|| (self.make_symmetry)());
        // What fails for a name fails for those that may be exchanged for it.
        let mut other = state.clone();
        let twins = symmetry.twins(name);
        let holds = |twin: &usize| symmetry.holds(name, *twin, &state.marked);
        let mut alike: Vec<usize> =
            twins.iter().copied().filter(holds).collect();
        let all = alike.len() == twins.len();
        alike.push(name);
        for name in alike {
            other.remove(name, value);
            other.marked[name] |= !all;
        }
        state.domains[name] = vec![value];
        state.marked[name] = true;
        open.extend([other, state]);
    }

    /// Draws all conclusions. `None` if nothing is possible any more.
    fn propagate(&mut self, state: &mut State) -> Result<Matchings, TooHard> {
        loop {
            let mut changed = false;
            for slot in &self.problem.slots {
                self.budget.spend(slot.edges.len())?;
                match narrow(state, slot) {
                    Some(narrower) => changed |= narrower,
                    None => return Ok(None),
                }
            }
            changed |= self.keep_distinct(state);
            if !changed {
                break;
            }
        }
        if !self.has_distinct_values(state)? {
            return Ok(None);
        }
        let mut matchings = Vec::with_capacity(self.problem.blocks.len());
        for block in &self.problem.blocks {
            match self.match_block(state, block)? {
                Some(matching) => matchings.push(matching),
                None => return Ok(None),
            }
        }
        Ok(Some(matchings))
    }

    /// Takes the value of a pid name that has only one from the others.
    fn keep_distinct(&self, state: &mut State) -> bool {
        let pids = || {
            (0..state.domains.len()).filter(|name| self.problem.distinct[*name])
        };
        let pids: Vec<usize> = pids().collect();
        let mut changed = false;
        for &name in &pids {
            let [value] = state.domains[name][..] else { continue };
            for &other in pids.iter().filter(|other| **other != name) {
                changed |= state.remove(other, value);
            }
        }
        changed
    }

    /// Are there enough values for the pid names together?
    fn has_distinct_values(&mut self, state: &State) -> Result<bool, TooHard> {
        let distinct = self.problem.distinct.iter().zip(&state.domains);
        let domains: Vec<&Vec<usize>> = distinct
            .filter(|(distinct, domain)| **distinct && !domain.is_empty())
            .map(|(_, domain)| domain)
            .collect();
        self.budget.spend(domains.iter().map(|d| d.len()).sum())?;
        let values = self.problem.values.len();
        let mut matching = Matching::new(vec![1; values], domains.len());
        matching.maximise(|name| domains[name].clone());
        Ok((0..domains.len()).all(|name| matching.group_of(name).is_some()))
    }

    fn match_block(
        &mut self,
        state: &State,
        block: &OpenBlock,
    ) -> Result<Option<Matching>, TooHard> {
        let slots = &self.problem.slots[block.slots.clone()];
        let mut adjacent: Vec<Vec<usize>> = vec![Vec::new(); block.lines.len()];
        for (index, slot) in slots.iter().enumerate() {
            self.budget.spend(slot.edges.len())?;
            for edge in &slot.edges {
                let slots = &mut adjacent[edge.line - block.lines.start];
                if slots.last() != Some(&index) && state.allows(slot, edge) {
                    slots.push(index);
                }
            }
        }
        let capacities = slots.iter().map(|slot| slot.members.len()).collect();
        let mut matching = Matching::new(capacities, adjacent.len());
        for (line, slots) in adjacent.iter().enumerate() {
            if let Some(slot) = slots.iter().find(|s| matching.has_room(**s)) {
                matching.assign(line, *slot);
            }
        }
        matching.maximise(|line| adjacent[line].clone());
        Ok(matching.is_perfect().then_some(matching))
    }
}

/// Takes from the names of a slot the values no line supports, and moves the
/// cuts of its rules. `None` if too few lines are left for it; otherwise
/// whether anything became narrower.
fn narrow(state: &mut State, slot: &Slot) -> Option<bool> {
    let need = slot.members.len();
    let mut lines: Vec<usize> = Vec::new();
    // How many lines support each value, and the last of them.
    let mut support: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
    for edge in &slot.edges {
        if !state.allows(slot, edge) {
            continue;
        }
        if lines.last() != Some(&edge.line) {
            lines.push(edge.line);
        }
        for binding in &edge.way {
            let entry = support.entry(*binding).or_insert((0, usize::MAX));
            if entry.1 != edge.line {
                *entry = (entry.0 + 1, edge.line);
            }
        }
    }
    let (earliest, latest) = (*lines.get(need - 1)?, lines[lines.len() - need]);
    let mut changed = false;
    for name in &slot.names {
        let domain = &mut state.domains[*name];
        let before = domain.len();
        domain.retain(|value| {
            support.get(&(*name, *value)).is_some_and(|s| s.0 >= need)
        });
        if domain.is_empty() {
            return None;
        }
        changed |= domain.len() < before;
    }
    for rule in &slot.first {
        let cut = &mut state.cuts[*rule];
        changed |= earliest + 1 > cut.0;
        cut.0 = cut.0.max(earliest + 1);
    }
    for rule in &slot.then {
        let cut = &mut state.cuts[*rule];
        changed |= latest < cut.1;
        cut.1 = cut.1.min(latest);
    }
    let rules = slot.first.iter().chain(&slot.then);
    let crossed = |rule: &usize| state.cuts[*rule].0 > state.cuts[*rule].1;
    if rules.into_iter().any(crossed) { None } else { Some(changed) }
}
