//! A maximum matching of lines to groups of patterns, each group with room
//! for as many lines as it has patterns: Hopcroft and Karp's algorithm.

use std::collections::VecDeque;

/// A matching, to be filled by hand first and then made as large as it can
/// be.
pub(super) struct Matching {
    capacities: Vec<usize>,
    members: Vec<Vec<usize>>,
    group_of: Vec<Option<usize>>,
}

/// Where a line was found on the way of an augmenting path: the group that
/// holds it, and its slot there. `None` for the free line the path begins at.
type Seat = Option<(usize, usize)>;

impl Matching {
    /// An empty matching of `lines` lines to groups of these capacities.
    pub(crate) fn new(capacities: Vec<usize>, lines: usize) -> Self {
        let members = vec![Vec::new(); capacities.len()];
        Matching { capacities, members, group_of: vec![None; lines] }
    }

    pub(super) fn has_room(&self, group: usize) -> bool {
        self.members[group].len() < self.capacities[group]
    }

    pub(super) fn assign(&mut self, line: usize, group: usize) {
        self.members[group].push(line);
        self.group_of[line] = Some(group);
    }

    /// The group of a line, if it is matched.
    pub(super) fn group_of(&self, line: usize) -> Option<usize> {
        self.group_of[line]
    }

    /// The lines of a group.
    pub(super) fn members(&self, group: usize) -> &[usize] {
        &self.members[group]
    }

    /// Is each line matched, and each group full?
    pub(crate) fn is_perfect(&self) -> bool {
        self.group_of.iter().all(Option::is_some)
            && (0..self.capacities.len()).all(|group| !self.has_room(group))
    }

    /// Matches one more line, if that can be done without giving up another.
    pub(super) fn add(&mut self, line: usize, adjacent: &[Vec<usize>]) -> bool {
        let mut reached = vec![None; self.capacities.len()];
        let mut queue = VecDeque::from([line]);
        while let Some(next) = queue.pop_front() {
            for &group in &adjacent[next] {
                if reached[group].is_some() {
                    continue;
                }
                reached[group] = Some(next);
                if self.has_room(group) {
                    self.shift_back(&reached, group);
                    return true;
                }
                queue.extend(&self.members[group]);
            }
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

    /// Makes the matching maximum. `neighbours` tells the groups a line may
    /// belong to; it is called once a line at most, and not at all for lines
    /// that stay where they are.
    pub(super) fn maximise(
        &mut self,
        mut neighbours: impl FnMut(usize) -> Vec<usize>,
    ) {
        let mut adjacent = vec![None; self.group_of.len()];
        let mut neighbours = |line: usize, adjacent: &mut Adjacency| {
            adjacent[line].get_or_insert_with(|| neighbours(line));
        };
        while let Some(mut levels) = self.levels(&mut adjacent, &mut neighbours)
        {
            for line in 0..self.group_of.len() {
                if self.group_of[line].is_none() {
                    self.augment(line, &adjacent, &mut levels);
                }
            }
        }
    }

    /// The breadth-first half: how far each line and group is from a free
    /// line. `None` when no group with room can be reached.
    fn levels(
        &self,
        adjacent: &mut Adjacency,
        neighbours: &mut impl FnMut(usize, &mut Adjacency),
    ) -> Option<Levels> {
        let mut levels = Levels {
            line: vec![usize::MAX; self.group_of.len()],
            group: vec![usize::MAX; self.capacities.len()],
            next_group: vec![0; self.group_of.len()],
            next_member: vec![0; self.capacities.len()],
        };
        let mut queue = VecDeque::new();
        for (line, group) in self.group_of.iter().enumerate() {
            if group.is_none() {
                levels.line[line] = 0;
                queue.push_back(line);
            }
        }
        let mut last = usize::MAX;
        while let Some(line) = queue.pop_front() {
            let level = levels.line[line];
            if level >= last {
                break;
            }
            neighbours(line, adjacent);
            for &group in known(adjacent, line) {
                if levels.group[group] != usize::MAX {
                    continue;
                }
                levels.group[group] = level + 1;
                if self.has_room(group) {
                    last = level + 1;
                }
                for &member in &self.members[group] {
                    levels.line[member] = level + 2;
                    queue.push_back(member);
                }
            }
        }
        (last != usize::MAX).then_some(levels)
    }

    /// The depth-first half: matches the free line `root` along a shortest
    /// path, if one is left.
    fn augment(
        &mut self,
        root: usize,
        adjacent: &Adjacency,
        levels: &mut Levels,
    ) {
        let mut path: Vec<(usize, Seat)> = vec![(root, None)];
        while let Some(&(line, _)) = path.last() {
            let level = levels.line[line] + 1;
            let next = &mut levels.next_group[line];
            let mut group = None;
            for &candidate in &known(adjacent, line)[*next..] {
                if levels.group[candidate] == level {
                    group = Some(candidate);
                    break;
                }
                *next += 1;
            }
            let Some(group) = group else {
                path.pop();
                continue;
            };
            if self.has_room(group) {
                return self.shift(path, group);
            }
            let slot = levels.next_member[group];
            match self.members[group].get(slot) {
                Some(&member) => {
                    levels.next_member[group] += 1;
                    path.push((member, Some((group, slot))));
                }
                None => levels.next_group[line] += 1,
            }
        }
    }

    /// Moves the last line of the path to the group with room, and each
    /// other line to the seat that became free.
    fn shift(&mut self, mut path: Vec<(usize, Seat)>, group: usize) {
        let Some((line, mut seat)) = path.pop() else { return };
        self.assign(line, group);
        while let (Some((line, next)), Some((group, slot))) = (path.pop(), seat)
        {
            self.members[group][slot] = line;
            self.group_of[line] = Some(group);
            seat = next;
        }
    }
}

/// The groups of each line, where they have been asked for.
type Adjacency = Vec<Option<Vec<usize>>>;

fn known(adjacent: &Adjacency, line: usize) -> &[usize] {
    adjacent[line].as_deref().unwrap_or_default()
}

struct Levels {
    line: Vec<usize>,
    group: Vec<usize>,
    /// Which neighbour of each line comes next.
    next_group: Vec<usize>,
    /// Which member of each group comes next.
    next_member: Vec<usize>,
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
        assert!((0..size).all(|line| matching.group_of(line) == Some(line)));
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
