//! A maximum matching of lines to groups of patterns, each group with room
//! for as many lines as it has patterns, by augmenting paths.

use std::collections::VecDeque;

/// A matching, to be filled by hand first and then made as large as it can
/// be.
pub(super) struct Matching {
    capacities: Vec<usize>,
    members: Vec<Vec<usize>>,
    group_of: Vec<Option<usize>>,
    /// The groups from which no way leads to one with room: that does not
    /// change any more.
    closed: Vec<bool>,
}

impl Matching {
    /// An empty matching of `lines` lines to groups of these capacities.
    pub(super) fn new(capacities: Vec<usize>, lines: usize) -> Self {
        let members = vec![Vec::new(); capacities.len()];
        let closed = vec![false; capacities.len()];
        Matching { capacities, members, group_of: vec![None; lines], closed }
    }

    pub(super) fn has_room(&self, group: usize) -> bool {
        self.members[group].len() < self.capacities[group]
    }

    pub(super) fn assign(&mut self, line: usize, group: usize) {
        self.members[group].push(line);
        self.group_of[line] = Some(group);
    }

    /// The lines of a group.
    pub(super) fn members(&self, group: usize) -> &[usize] {
        &self.members[group]
    }

    /// Is each line matched, and each group full?
    pub(super) fn is_perfect(&self) -> bool {
        self.group_of.iter().all(Option::is_some)
            && (0..self.capacities.len()).all(|group| !self.has_room(group))
    }

    /// Makes the matching maximum. `neighbours` tells the groups a line may
    /// belong to; it is called once a line at most, and not at all for lines
    /// that stay where they are.
    pub(super) fn maximise(
        &mut self,
        neighbours: impl FnMut(usize) -> Vec<usize>,
    ) {
        let mut adjacent = Adjacent::new(self.group_of.len(), neighbours);
        for line in 0..self.group_of.len() {
            if self.group_of[line].is_none() {
                self.add(line, &mut adjacent);
            }
        }
    }

    /// Matches one more line, if that can be done without giving up another.
    pub(super) fn add(
        &mut self,
        line: usize,
        adjacent: &mut Adjacent<impl FnMut(usize) -> Vec<usize>>,
    ) -> bool {
        // The line from which each group was reached.
        let mut reached: Vec<Option<usize>> = vec![None; self.closed.len()];
        let mut queue = VecDeque::from([line]);
        while let Some(line) = queue.pop_front() {
            for &group in adjacent.of(line) {
                if reached[group].is_some() || self.closed[group] {
                    continue;
                }
                reached[group] = Some(line);
                if self.has_room(group) {
                    self.shift_back(&reached, group);
                    return true;
                }
                queue.extend(&self.members[group]);
            }
        }
        for (closed, reached) in self.closed.iter_mut().zip(reached) {
            *closed |= reached.is_some();
        }
        false
    }

    /// Goes back from a group with room to the line that was added, and
    /// moves each line on the way to the group it reached.
    fn shift_back(&mut self, reached: &[Option<usize>], mut group: usize) {
        while let Some(line) = reached[group] {
            let old = self.group_of[line];
            self.assign(line, group);
            let Some(old) = old else { return };
            self.members[old].retain(|member| *member != line);
            group = old;
        }
    }
}

/// The groups each line may belong to, asked for when they are needed.
pub(super) struct Adjacent<F> {
    known: Vec<Option<Vec<usize>>>,
    neighbours: F,
}

impl<F: FnMut(usize) -> Vec<usize>> Adjacent<F> {
    pub(super) fn new(lines: usize, neighbours: F) -> Self {
        Adjacent { known: vec![None; lines], neighbours }
    }

    fn of(&mut self, line: usize) -> &[usize] {
        self.known[line].get_or_insert_with(|| (self.neighbours)(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_augmenting_path() {
        // Line i fits groups i and i + 1; filled greedily from the wrong end.
        let size = 1000;
        let mut matching = Matching::new(vec![1; size], size);
        for line in 0..size - 1 {
            matching.assign(line, line + 1);
        }
        matching.maximise(|line| match line {
            _ if line + 1 == size => vec![size - 1],
            _ => vec![line, line + 1],
        });
        assert!(matching.is_perfect());
        assert!((0..size).all(|line| matching.members(line) == [line]));
    }

    #[test]
    fn capacities_are_kept() {
        let mut matching = Matching::new(vec![2, 1], 4);
        matching.maximise(|_| vec![0, 1]);
        assert!(!matching.is_perfect());
        assert_eq!(matching.members(0).len(), 2);
        assert_eq!(matching.members(1).len(), 1);
    }
}
