//! Who holds which lock, and who waits for which: a deadlock detector.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard};

type Name = &'static str;

/// A graph of threads that wait for locks that other threads hold.
///
/// A cycle in it is a deadlock: every thread on the cycle waits for the next
/// one, and none of them can release anything. Databases find theirs in this
/// way, and so does parking_lot's feature `deadlock_detection`.
///
/// ```
/// use sync_primitives::{WaitGraph, WatchedLock};
///
/// static GRAPH: WaitGraph = WaitGraph::new();
/// static DOOR: WatchedLock = WatchedLock::new("door", &GRAPH);
///
/// let held = DOOR.lock("ann");
/// assert!(DOOR.try_lock("bob").is_none());
/// drop(held);
/// GRAPH.ended();
/// assert_eq!(GRAPH.cycle_or_end(1), None);
/// ```
#[derive(Debug)]
pub struct WaitGraph {
    state: Mutex<Option<State>>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    holder: HashMap<Name, Name>,
    wanted: HashMap<Name, Name>,
    requests: usize,
    ended: usize,
}

/// One edge of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The thread that waits.
    pub who: Name,
    /// The lock that it waits for.
    pub lock: Name,
    /// The thread that holds it.
    pub holder: Name,
}

impl WaitGraph {
    /// A graph without threads.
    pub const fn new() -> Self {
        Self { state: Mutex::new(None), changed: Condvar::new() }
    }

    /// Waits until locks have been requested so many times: each request is
    /// one, whether it got the lock or has to wait for it.
    pub fn after_requests(&self, count: usize) {
        self.when(|state| (state.requests >= count).then_some(()));
    }

    /// Reports the end of a thread.
    pub fn ended(&self) {
        self.change(|state| state.ended += 1);
    }

    /// Waits for a cycle, or for the end of so many threads.
    pub fn cycle_or_end(&self, threads: usize) -> Option<Vec<Wait>> {
        self.when(|state| {
            let cycle = state.cycle();
            (cycle.is_some() || state.ended == threads).then_some(cycle)
        })
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(self.state().get_or_insert_default());
        self.changed.notify_all();
    }

    fn when<T>(&self, found: impl Fn(&State) -> Option<T>) -> T {
        let mut state = self.state();
        loop {
            if let Some(found) = found(state.get_or_insert_default()) {
                return found;
            }
            state = self.changed.wait(state).expect("never poisoned");
        }
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().expect("never poisoned")
    }
}

impl Default for WaitGraph {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    /// The waits that lead from a thread back to itself, if there are any.
    fn cycle(&self) -> Option<Vec<Wait>> {
        self.wanted.keys().find_map(|start| self.cycle_from(start))
    }

    fn cycle_from(&self, start: Name) -> Option<Vec<Wait>> {
        let mut waits = Vec::new();
        let mut who = start;
        // No path without a cycle is longer than there are waits.
        while waits.len() < self.wanted.len() {
            let lock = *self.wanted.get(who)?;
            let holder = *self.holder.get(lock)?;
            waits.push(Wait { who, lock, holder });
            if holder == start {
                return Some(waits);
            }
            who = holder;
        }
        None
    }
}

/// A plain lock that tells a [`WaitGraph`] who holds it and who waits.
#[derive(Debug)]
pub struct WatchedLock {
    name: Name,
    graph: &'static WaitGraph,
    mutex: Mutex<()>,
}

impl WatchedLock {
    /// A lock that nobody holds.
    pub const fn new(name: Name, graph: &'static WaitGraph) -> Self {
        Self { name, graph, mutex: Mutex::new(()) }
    }

    /// What the lock is called.
    pub fn name(&self) -> Name {
        self.name
    }

    /// Takes the lock if it is free at this moment.
    pub fn try_lock(&self, who: Name) -> Option<WatchedGuard<'_>> {
        let guard = self.mutex.try_lock().ok()?;
        Some(self.held(who, guard, 1))
    }

    /// Takes the lock, and waits for it as any plain lock does: for ever.
    pub fn lock(&self, who: Name) -> WatchedGuard<'_> {
        self.graph.change(|state| {
            state.wanted.insert(who, self.name);
            state.requests += 1;
        });
        let guard = self.mutex.lock().expect("no holder panics");
        self.held(who, guard, 0)
    }

    fn held<'a>(
        &'a self,
        who: Name,
        guard: MutexGuard<'a, ()>,
        requests: usize,
    ) -> WatchedGuard<'a> {
        self.graph.change(|state| {
            state.wanted.remove(who);
            state.holder.insert(self.name, who);
            state.requests += requests;
        });
        WatchedGuard { lock: self, _guard: guard }
    }
}

/// The hold of a [`WatchedLock`], ended when dropped.
#[derive(Debug)]
#[must_use = "a lock that is released at once guards nothing"]
pub struct WatchedGuard<'a> {
    lock: &'a WatchedLock,
    _guard: MutexGuard<'a, ()>, // dropped after the report below
}

impl Drop for WatchedGuard<'_> {
    fn drop(&mut self) {
        self.lock.graph.change(|state| {
            state.holder.remove(self.lock.name);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{State, Wait};

    #[test]
    fn a_cycle_of_three_and_a_waiter_outside_of_it() {
        let mut state = State::default();
        for (who, holds, wants) in
            [("a", "1", "2"), ("b", "2", "3"), ("d", "4", "1")]
        {
            state.holder.insert(holds, who);
            state.wanted.insert(who, wants);
        }
        state.holder.insert("3", "c");
        assert_eq!(state.cycle(), None, "c waits for nobody");
        state.wanted.insert("c", "1");
        let wait = |who, lock, holder| Wait { who, lock, holder };
        assert_eq!(
            state.cycle_from("a"),
            Some(vec![
                wait("a", "2", "b"),
                wait("b", "3", "c"),
                wait("c", "1", "a")
            ])
        );
        assert_eq!(state.cycle_from("d"), None, "d waits, but not in it");
        assert_eq!(state.cycle().map(|cycle| cycle.len()), Some(3));
    }
}
