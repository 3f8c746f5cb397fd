//! Which name or rule is to blame when they cannot all hold.

use std::collections::HashSet;

use crate::expectation::SectionKind;
use crate::matching::solve::{self, Budget, Enforced, Question, Solution};

/// How many steps all tries may take together, and how many each.
const STEPS: usize = 1_500_000;
const STEPS_A_TRY: usize = 300_000;

/// An assignment that fails as little as possible: one rule, one name or the
/// names of one line are left out, or else some, or else all of them.
pub(crate) fn nearest<'l>(
    question: &Question<'_, 'l>,
    all: &Enforced,
) -> Option<Solution<'l>> {
    let mut budget = Budget::new(STEPS);
    tries(question, all).into_iter().find_map(|enforced| {
        let mut share = budget.take(STEPS_A_TRY);
        let solved = solve::solve(question, &enforced, &mut share);
        budget.give_back(share);
        solved.ok().flatten()
    })
}

/// What to leave out, the least first.
fn tries(question: &Question<'_, '_>, all: &Enforced) -> Vec<Enforced> {
    let rules = all.rules.len();
    let no_rules = Enforced { rules: vec![false; rules], ..all.clone() };
    let mut tries = Vec::new();
    for rule in 0..rules {
        let mut less = all.clone();
        less.rules[rule] = false;
        tries.push(less);
    }
    if rules > 1 {
        tries.push(no_rules.clone());
    }
    let bases = if rules > 0 { vec![all, &no_rules] } else { vec![all] };
    for base in bases {
        tries.push(Enforced { distinct: false, ..base.clone() });
        let names = &question.names.list;
        for name in 0..names.len() {
            let mut less = base.clone();
            less.names[name] = false;
            tries.push(less);
        }
        let mut seen = HashSet::new();
        let kinds = names.iter().map(|name| name.1);
        for kind in kinds.filter(|kind| seen.insert(*kind)) {
            let mut less = base.clone();
            for (holds, name) in less.names.iter_mut().zip(names) {
                *holds &= name.1 != kind;
            }
            tries.push(less);
        }
        for free in different(question) {
            tries.push(Enforced { free: Some(free), ..base.clone() });
        }
    }
    let none = vec![false; question.names.list.len()];
    tries.push(Enforced { names: none, ..all.clone() });
    tries
}

/// The patterns with names, those of one block that look alike only once.
fn different(question: &Question<'_, '_>) -> Vec<usize> {
    let Question { expectation, names, .. } = question;
    let mut seen = HashSet::new();
    let mut different = Vec::new();
    for section in &expectation.sections {
        for index in section.patterns.clone() {
            let pattern = &expectation.patterns[index].pattern;
            let named = names.in_pattern(pattern).next().is_some();
            let place = match section.kind {
                SectionKind::Any => section.source_line,
                _ => expectation.patterns[index].source_line,
            };
            if named && seen.insert((place, pattern.shape())) {
                different.push(index);
            }
        }
    }
    different
}
