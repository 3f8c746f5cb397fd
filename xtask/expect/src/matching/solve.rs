//! Which line stands for which pattern where names and rules have a say: a
//! bounded search that places, again and again, the line with the fewest ways
//! left.

use std::collections::{BTreeMap, HashMap};
use std::ops::{ControlFlow, Range};

use crate::expectation::{Expectation, Rule, SectionKind};
use crate::language::hole::HoleType;
use crate::language::pattern::{Pattern, Ranges};
use crate::matching::alignment::Alignment;
use crate::matching::bipartite::Matching;
use crate::matching::block::Groups;

/// As many ways to cut one line at one pattern are looked at.
const SPLITS: usize = 10_000;
/// How many steps a search may take, and how many more for each line.
const STEPS: usize = 1_000_000;
const STEPS_A_LINE: usize = 20;

/// There are more ways than can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooHard;

/// A count of steps that comes to an end. A step is a look at one way in which
/// a line may be taken.
pub(crate) struct Budget(usize);

impl Budget {
    pub(super) fn new(steps: usize) -> Self {
        Budget(steps)
    }

    /// What a search among so many lines may take.
    pub(crate) fn of(lines: usize) -> Self {
        Budget(STEPS + STEPS_A_LINE * lines)
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), TooHard> {
        self.0 = self.0.checked_sub(steps).ok_or(TooHard)?;
        Ok(())
    }

    /// Takes a part of it, to be given back when something is left.
    pub(super) fn take(&mut self, most: usize) -> Budget {
        let taken = self.0.min(most);
        self.0 -= taken;
        Budget(taken)
    }

    pub(super) fn give_back(&mut self, rest: Budget) {
        self.0 += rest.0;
    }
}

/// The names of an expectation's holes, in order of appearance.
pub(crate) struct Names<'e> {
    pub(crate) list: Vec<(&'e str, HoleType)>,
    index: HashMap<&'e str, usize>,
}

impl<'e> Names<'e> {
    pub(crate) fn of(expectation: &'e Expectation) -> Self {
        let mut names = Names { list: Vec::new(), index: HashMap::new() };
        for line in &expectation.patterns {
            for hole in line.pattern.holes() {
                let Some(name) = hole.name.as_deref() else { continue };
                names.index.entry(name).or_insert_with(|| {
                    names.list.push((name, hole.kind));
                    names.list.len() - 1
                });
            }
        }
        names
    }

    /// The names of a pattern, with the numbers of their holes.
    pub(crate) fn in_pattern<'s>(
        &'s self,
        pattern: &'s Pattern,
    ) -> impl Iterator<Item = (usize, usize)> + 's {
        pattern.holes().iter().enumerate().filter_map(|(at, hole)| {
            Some((at, *self.index.get(hole.name.as_deref()?)?))
        })
    }
}

/// Which names and rules are to hold. To find what is wrong with a run, some
/// are left out.
#[derive(Debug, Clone)]
pub(crate) struct Enforced {
    /// For each name: does it stand for one text?
    pub(crate) names: Vec<bool>,
    /// Do names of type `pid` stand for different texts?
    pub(crate) distinct: bool,
    /// For each rule: does it hold?
    pub(crate) rules: Vec<bool>,
    /// A pattern whose names say nothing.
    pub(crate) free: Option<usize>,
}

/// A run whose lines all have a pattern, names and rules left aside.
pub(crate) struct Question<'q, 'l> {
    pub(crate) expectation: &'q Expectation,
    pub(crate) names: &'q Names<'q>,
    pub(crate) lines: &'q [&'l str],
    pub(crate) alignment: &'q Alignment,
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
    let slots = slots(question, enforced);
    let is_pid = |(_, kind): &(&str, HoleType)| *kind == HoleType::Pid;
    let pids = question.names.list.iter().map(is_pid);
    let mut search = Search {
        slots,
        lines: Vec::new(),
        values: Vec::new(),
        distinct: pids.map(|pid| pid && enforced.distinct).collect(),
    };
    search.add_lines(question.lines, budget)?;
    let start = State {
        slot_of: vec![None; search.lines.len()],
        room: search.slots.iter().map(|slot| slot.members.len()).collect(),
        bound: vec![None; question.names.list.len()],
        owner: vec![None; search.values.len()],
        first_until: vec![0; enforced.rules.len()],
        then_from: vec![usize::MAX; enforced.rules.len()],
    };
    let Some(found) = search.run(start, budget)? else { return Ok(None) };
    let mut taken: Vec<Vec<usize>> = vec![Vec::new(); search.slots.len()];
    for (line, slot) in search.lines.iter().zip(&found.slot_of) {
        if let Some(slot) = slot {
            taken[*slot].push(line.number);
        }
    }
    let mut alignment = question.alignment.clone();
    for (slot, lines) in search.slots.iter().zip(taken) {
        for (pattern, line) in slot.members.iter().zip(lines) {
            alignment.put(*pattern, line);
        }
    }
    let text = |value: &Option<usize>| value.map(|v| search.values[v]);
    let values = found.bound.iter().map(text).collect();
    Ok(Some(Solution { alignment, values }))
}

/// One or more patterns that are alike, and so take as many lines.
struct Slot<'q> {
    pattern: &'q Pattern,
    /// The patterns, in order.
    members: Vec<usize>,
    /// The enforced names of its holes, with the numbers of the holes.
    names: Vec<(usize, usize)>,
    /// The rules by which its lines come first.
    first: Vec<usize>,
    /// The rules by which its lines come after others.
    then: Vec<usize>,
    /// The lines it may take: those of its block, or the one at its place.
    lines: Range<usize>,
}

impl Slot<'_> {
    /// Do names or rules say anything of it?
    fn is_bound(&self) -> bool {
        let rules = self.first.len() + self.then.len();
        !self.names.is_empty() || rules > 0
    }
}

/// The slots of all sections of which names or rules say anything.
fn slots<'q>(
    question: &Question<'q, '_>,
    enforced: &Enforced,
) -> Vec<Slot<'q>> {
    let &Question { expectation, names, alignment, .. } = question;
    let patterns = &expectation.patterns;
    let slot = |members: Vec<usize>, lines: Range<usize>| {
        let line = &patterns[members[0]];
        let binds = |(_, name): &(usize, usize)| {
            enforced.names[*name] && enforced.free != Some(members[0])
        };
        let rules = |side: fn(&Rule) -> &String| {
            let rules = expectation.rules.iter().enumerate();
            let holds = |(rule, written): &(usize, &Rule)| {
                enforced.rules[*rule] && line.has_label(side(written))
            };
            rules.filter(holds).map(|(rule, _)| rule).collect()
        };
        Slot {
            pattern: &line.pattern,
            names: names.in_pattern(&line.pattern).filter(binds).collect(),
            first: rules(|rule| &rule.first),
            then: rules(|rule| &rule.then),
            lines,
            members,
        }
    };
    let mut slots = Vec::new();
    for section in &expectation.sections {
        if section.kind != SectionKind::Any {
            let own = section.patterns.clone().map(|pattern| {
                let line = alignment.line_of[pattern];
                let place = line.map_or(0..0, |line| line..line + 1);
                slot(vec![pattern], place)
            });
            slots.extend(own.filter(Slot::is_bound));
            continue;
        }
        let groups = Groups::of(patterns, section, |line| {
            let free = enforced.free.map(|free| patterns[free].source_line);
            let free = free == Some(line.source_line);
            format!("{}  {} {free}", line.pattern, line.labels.join(" "))
        });
        let groups = groups.literal.into_iter().chain(groups.holed);
        let own: Vec<Slot<'_>> = groups
            .map(|group| slot(group.members, section.patterns.clone()))
            .collect();
        if own.iter().any(Slot::is_bound) {
            slots.extend(own);
        }
    }
    slots
}

/// A line that is to be placed.
struct Line {
    /// Its number in the output.
    number: usize,
    /// The ways in which it may be taken, those of one slot in a row.
    ways: Vec<Way>,
}

/// A slot, and the values that its names take by the line, in their order.
struct Way {
    slot: usize,
    values: Vec<(usize, usize)>,
}

/// What has been decided.
#[derive(Clone)]
struct State {
    slot_of: Vec<Option<usize>>,
    /// How many more lines each slot takes.
    room: Vec<usize>,
    /// The value of each name.
    bound: Vec<Option<usize>>,
    /// The pid name that has each value.
    owner: Vec<Option<usize>>,
    /// For each rule, the first place where lines that come after may be.
    first_until: Vec<usize>,
    /// For each rule, the first line that comes after.
    then_from: Vec<usize>,
}

struct Search<'q, 'l> {
    slots: Vec<Slot<'q>>,
    lines: Vec<Line>,
    values: Vec<&'l str>,
    /// For each name: does it differ from the others of which that is true?
    distinct: Vec<bool>,
}

impl<'l> Search<'_, 'l> {
    /// Puts down in which ways each line can be taken.
    fn add_lines(
        &mut self,
        lines: &[&'l str],
        budget: &mut Budget,
    ) -> Result<(), TooHard> {
        let mut index: HashMap<&'l str, usize> = HashMap::new();
        let mut ways: BTreeMap<usize, Vec<Way>> = BTreeMap::new();
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, text) in lines.iter().enumerate() {
            places.entry(text).or_default().push(number);
        }
        for slot in 0..self.slots.len() {
            let Slot { pattern, names, .. } = &self.slots[slot];
            let own = self.slots[slot].lines.clone();
            let numbers: Vec<usize> = match pattern.as_literal() {
                Some(text) => {
                    let places = places.get(text).into_iter().flatten();
                    places.copied().filter(|n| own.contains(n)).collect()
                }
                None => own.collect(),
            };
            for number in numbers {
                let mut value = |text: &'l str| {
                    *index.entry(text).or_insert_with(|| {
                        self.values.push(text);
                        self.values.len() - 1
                    })
                };
                let mut splits = Vec::new();
                let mut count = 0;
                let line = lines[number];
                pattern.for_each_split(line, Ranges::Checked, &mut |texts| {
                    let text =
                        |&(at, name): &(usize, usize)| (name, value(texts[at]));
                    let values: Vec<_> = names.iter().map(text).collect();
                    if agree(&values, &self.distinct)
                        && !splits.contains(&values)
                    {
                        splits.push(values);
                    }
                    count += 1;
                    // Without names, all ways to cut a line are alike.
                    if names.is_empty() || count > SPLITS {
                        return ControlFlow::Break(());
                    }
                    ControlFlow::Continue(())
                });
                if count > SPLITS {
                    return Err(TooHard);
                }
                budget.spend(splits.len())?;
                let splits = splits.into_iter();
                let own = splits.map(|values| Way { slot, values });
                ways.entry(number).or_default().extend(own);
            }
        }
        let line = |(number, ways)| Line { number, ways };
        self.lines = ways.into_iter().map(line).collect();
        Ok(())
    }

    fn allows(&self, state: &State, line: &Line, way: &Way) -> bool {
        let Slot { first, then, .. } = &self.slots[way.slot];
        state.room[way.slot] > 0
            && first.iter().all(|rule| line.number < state.then_from[*rule])
            && then.iter().all(|rule| line.number >= state.first_until[*rule])
            && way.values.iter().all(|&(name, value)| match state.bound[name] {
                Some(bound) => bound == value,
                None => !self.distinct[name] || state.owner[value].is_none(),
            })
    }

    fn place(&self, state: &mut State, index: usize, way: &Way) {
        let (number, slot) = (self.lines[index].number, &self.slots[way.slot]);
        state.slot_of[index] = Some(way.slot);
        state.room[way.slot] -= 1;
        for &(name, value) in &way.values {
            state.bound[name] = Some(value);
            if self.distinct[name] {
                state.owner[value] = Some(name);
            }
        }
        for rule in &slot.first {
            state.first_until[*rule] = state.first_until[*rule].max(number + 1);
        }
        for rule in &slot.then {
            state.then_from[*rule] = state.then_from[*rule].min(number);
        }
    }

    /// Places the lines that are left, if there is a way.
    fn run(
        &self,
        mut state: State,
        budget: &mut Budget,
    ) -> Result<Option<State>, TooHard> {
        let (index, ways) = loop {
            let mut fewest: Option<(usize, Vec<&Way>)> = None;
            let mut placed = false;
            for (index, line) in self.lines.iter().enumerate() {
                if state.slot_of[index].is_some() {
                    continue;
                }
                budget.spend(line.ways.len())?;
                let ways = line.ways.iter();
                let ways: Vec<&Way> =
                    ways.filter(|way| self.allows(&state, line, way)).collect();
                match (&ways[..], &fewest) {
                    ([], _) => return Ok(None),
                    ([way], _) => {
                        self.place(&mut state, index, way);
                        placed = true;
                    }
                    (ways, Some((_, few))) if ways.len() >= few.len() => {}
                    _ => fewest = Some((index, ways)),
                }
            }
            match fewest {
                None => return Ok(Some(state)),
                Some(fewest) if !placed => break fewest,
                Some(_) => {}
            }
        };
        if !self.could_match(&state, budget)? {
            return Ok(None);
        }
        for way in ways {
            let mut next = state.clone();
            self.place(&mut next, index, way);
            if let Some(found) = self.run(next, budget)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Is there a slot for each line, as far as is known now?
    fn could_match(
        &self,
        state: &State,
        budget: &mut Budget,
    ) -> Result<bool, TooHard> {
        let open: Vec<&Line> = self
            .lines
            .iter()
            .zip(&state.slot_of)
            .filter(|(_, slot)| slot.is_none())
            .map(|(line, _)| line)
            .collect();
        budget.spend(open.iter().map(|line| line.ways.len()).sum())?;
        let mut matching = Matching::new(state.room.clone(), open.len());
        matching.maximise(|index| {
            let line = open[index];
            let ways =
                line.ways.iter().filter(|way| self.allows(state, line, way));
            ways.map(|way| way.slot).collect()
        });
        Ok(matching.is_perfect())
    }
}

/// Does each name have one value, and does no value stand for two pids?
fn agree(values: &[(usize, usize)], distinct: &[bool]) -> bool {
    values.iter().enumerate().all(|(at, &(name, value))| {
        values[..at].iter().all(|&(other, other_value)| {
            if name == other {
                return value == other_value;
            }
            !(distinct[name] && distinct[other] && value == other_value)
        })
    })
}
