//! Names that may be exchanged for each other without changing the
//! expectation. Without these, a search that fails would fail once for each
//! order of five like workers.

use std::collections::HashMap;

use crate::expectation::SectionKind;
use crate::matching::problem::{Enforced, Question};

/// With more names than this, none is looked at.
const MOST_NAMES: usize = 64;

/// Which names are twins: exchanging the two, and others along with them,
/// leaves the expectation as it is.
pub(super) struct Symmetry {
    /// For each pair of twins, all names that are exchanged.
    exchanged: HashMap<(usize, usize), Vec<usize>>,
    names: usize,
}

/// A pattern with names: where it stands, how it looks without them, and the
/// names in order.
type Occurrence = (usize, String, Vec<usize>);

impl Symmetry {
    pub(crate) fn of(question: &Question<'_, '_>, enforced: &Enforced) -> Self {
        let count = question.names.list.len();
        let mut symmetry = Symmetry { exchanged: HashMap::new(), names: count };
        if count > MOST_NAMES {
            return symmetry;
        }
        let occurrences = occurrences(question, enforced);
        for name in 0..count {
            for twin in 0..name {
                if let Some(moved) = exchange(&occurrences, name, twin) {
                    symmetry.exchanged.insert((name, twin), moved.clone());
                    symmetry.exchanged.insert((twin, name), moved);
                }
            }
        }
        symmetry.keep_classes();
        symmetry
    }

    /// The twins of a name.
    pub(super) fn twins(&self, name: usize) -> Vec<usize> {
        let is_twin =
            |twin: &usize| self.exchanged.contains_key(&(name, *twin));
        (0..self.names).filter(is_twin).collect()
    }

    /// All names, those that may be exchanged for each other together.
    pub(super) fn classes(&self) -> Vec<Vec<usize>> {
        let class = |name: usize| {
            let twins = self.twins(name);
            let first = twins.iter().all(|twin| name < *twin);
            first.then(|| [vec![name], twins].concat())
        };
        (0..self.names).filter_map(class).collect()
    }

    /// May the two still be exchanged, although for the names with a mark
    /// something holds that does not hold for their twins?
    pub(crate) fn holds(
        &self,
        name: usize,
        twin: usize,
        marked: &[bool],
    ) -> bool {
        let moved = self.exchanged.get(&(name, twin));
        moved.is_some_and(|moved| moved.iter().all(|name| !marked[*name]))
    }

    /// Keeps only names whose twins are all twins of each other, so that what
    /// is concluded for one may be concluded for all.
    fn keep_classes(&mut self) {
        loop {
            let class = |name: usize| -> Vec<usize> {
                let mut class = self.twins(name);
                class.push(name);
                class.sort_unstable();
                class
            };
            let classes: Vec<Vec<usize>> = (0..self.names).map(class).collect();
            let is_whole = |class: &Vec<usize>| {
                class.iter().all(|name| classes[*name] == *class)
            };
            let whole: Vec<bool> = classes.iter().map(is_whole).collect();
            let before = self.exchanged.len();
            self.exchanged
                .retain(|_, moved| moved.iter().all(|name| whole[*name]));
            if self.exchanged.len() == before {
                return;
            }
        }
    }
}

fn occurrences(
    question: &Question<'_, '_>,
    enforced: &Enforced,
) -> Vec<Occurrence> {
    let &Question { expectation, names, .. } = question;
    let mut occurrences = Vec::new();
    let patterns = expectation.patterns.len();
    for (index, section) in expectation.sections.iter().enumerate() {
        for pattern in section.patterns.clone() {
            let line = &expectation.patterns[pattern];
            let own: Vec<usize> = names
                .in_pattern(&line.pattern)
                .filter(|(_, name)| enforced.binds(pattern, *name))
                .map(|(_, name)| name)
                .collect();
            if own.is_empty() {
                continue;
            }
            // A line with a place of its own may be exchanged for no other.
            let place = match section.kind {
                SectionKind::Any => patterns + index,
                _ => pattern,
            };
            let labels = line.labels.join(" ");
            let is_own = |name: &str| {
                names.get(name).is_some_and(|name| enforced.names[name])
            };
            let shape = line.pattern.shape(is_own);
            occurrences.push((place, format!("{shape}  {labels}"), own));
        }
    }
    occurrences.sort();
    occurrences
}

/// The names that are exchanged when two are, if that changes nothing.
fn exchange(
    occurrences: &[Occurrence],
    name: usize,
    twin: usize,
) -> Option<Vec<usize>> {
    let alone = HashMap::from([(name, twin), (twin, name)]);
    if is_neutral(occurrences, &alone) {
        return Some(vec![name, twin]);
    }
    // The names beside the two may have to be exchanged as well.
    for (place, shape, own) in occurrences {
        let Some(at) = own.iter().position(|own| *own == name) else {
            continue;
        };
        for (other_place, other_shape, other) in occurrences {
            let alike = place == other_place && shape == other_shape;
            if !alike || other[at] != twin {
                continue;
            }
            let Some(map) = exchange_all(own, other) else { continue };
            if is_neutral(occurrences, &map) {
                return Some(map.into_keys().collect());
            }
        }
    }
    None
}

/// The exchange of each name of one list for that of the other.
fn exchange_all(
    names: &[usize],
    others: &[usize],
) -> Option<HashMap<usize, usize>> {
    let mut map = HashMap::new();
    for (&name, &other) in names.iter().zip(others) {
        let there = *map.entry(name).or_insert(other) == other;
        let back = *map.entry(other).or_insert(name) == name;
        if !there || !back {
            return None;
        }
    }
    map.retain(|name, other| name != other);
    Some(map)
}

/// Are the occurrences the same after the exchange?
fn is_neutral(occurrences: &[Occurrence], map: &HashMap<usize, usize>) -> bool {
    let moved = |own: &[usize]| own.iter().any(|name| map.contains_key(name));
    let before: Vec<&Occurrence> =
        occurrences.iter().filter(|(_, _, own)| moved(own)).collect();
    let mut after: Vec<Occurrence> = before
        .iter()
        .map(|(place, shape, own)| {
            let own = own.iter().map(|n| *map.get(n).unwrap_or(n)).collect();
            (*place, shape.clone(), own)
        })
        .collect();
    after.sort();
    before.into_iter().eq(after.iter())
}
