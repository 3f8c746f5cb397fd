//! Writes the broken twins for `tests/model.rs`: the sources of `src/`, each
//! with one mistake made in it. A check that does not find the mistake checks
//! nothing.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// The twin's name, its source, the text to replace and what to put there.
const TWINS: [(&str, &str, &str, &str); 17] = [
    // The predicate is not looked at again after the wait.
    (
        "semaphore_without_recheck",
        "semaphore.rs",
        "while *permits == 0 {",
        "if *permits == 0 {",
    ),
    // Check, unlock, wait: a release in between wakes nobody.
    (
        "semaphore_with_lost_wake_up",
        "semaphore.rs",
        "permits = self.released.wait(permits)",
        "drop(permits); permits = self.released.wait(self.permits())",
    ),
    // A second release before the first waiter has run wakes nobody.
    (
        "semaphore_notifying_only_from_zero",
        "semaphore.rs",
        "*self.permits() += 1;
        self.released.notify_one();",
        "*self.permits() += 1;
        if self.available() == 1 { self.released.notify_one(); }",
    ),
    // The limit is checked in one critical section, the permit added in
    // another.
    (
        "bounded_semaphore_checking_too_early",
        "bounded_semaphore.rs",
        "*permits += 1;",
        "drop(permits); *self.permits() += 1;",
    ),
    (
        "bounded_semaphore_without_notify",
        "bounded_semaphore.rs",
        "self.released.notify_one();",
        "",
    ),
    // Of several waiters one is woken.
    (
        "event_waking_one",
        "event.rs",
        "self.was_set.notify_all();",
        "self.was_set.notify_one();",
    ),
    // A waiter that runs only after the flag was taken back waits on.
    (
        "event_missing_a_pulse",
        "event.rs",
        "while !state.set && state.times_set == before {",
        "while !state.set {",
    ),
    // Who waits when the barrier breaks is not told.
    (
        "breakable_barrier_breaking_in_silence",
        "breakable_barrier.rs",
        "self.state().broken = true;
        self.changed.notify_all();",
        "self.state().broken = true;",
    ),
    // Who comes after the barrier broke waits for the rest.
    (
        "breakable_barrier_forgetting",
        "breakable_barrier.rs",
        "if state.broken {
            return Err(Broken);
        }",
        "state.broken = false;",
    ),
    // A waiter that runs only after the round is over takes it for its own.
    (
        "breakable_barrier_without_rounds",
        "breakable_barrier.rs",
        "while state.round == round && !state.broken {",
        "while state.waiting > 0 && !state.broken {",
    ),
    // The first guard to go ends all holds.
    (
        "reentrant_lock_not_counting",
        "reentrant_lock.rs",
        "state.holds -= 1;",
        "state.holds = 0;",
    ),
    // Test and set are two steps.
    (
        "spin_lock_testing_first",
        "spin_lock.rs",
        "while self
            .taken
            .compare_exchange_weak(false, true, Acquire, Relaxed)
            .is_err()
        {
            while self.taken.load(Relaxed) {
                hint::spin_loop();
            }
        }",
        "while self.taken.load(Acquire) {
            hint::spin_loop();
        }
        self.taken.store(true, Relaxed);",
    ),
    // The same where it is only tried.
    (
        "spin_lock_trying_in_two_steps",
        "spin_lock.rs",
        "self.taken.compare_exchange(false, true, Acquire, Relaxed).ok()?;",
        "if self.taken.load(Acquire) { return None; }
        self.taken.store(true, Relaxed);",
    ),
    // The next holder need not see what this one wrote.
    (
        "spin_lock_released_relaxed",
        "spin_lock.rs",
        "store(false, Release)",
        "store(false, Relaxed)",
    ),
    (
        "spin_lock_acquired_relaxed",
        "spin_lock.rs",
        "compare_exchange_weak(false, true, Acquire, Relaxed)",
        "compare_exchange_weak(false, true, Relaxed, Relaxed)",
    ),
    (
        "spin_lock_tried_relaxed",
        "spin_lock.rs",
        "compare_exchange(false, true, Acquire, Relaxed)",
        "compare_exchange(false, true, Relaxed, Relaxed)",
    ),
    // Room is made in one critical section and used in another.
    (
        "bounded_deque_making_room_too_early",
        "bounded_deque.rs",
        "items.push_back(item);",
        "drop(items); self.items().push_back(item);",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let mut twins = String::new();
    for (name, file, right, wrong) in TWINS {
        let source = fs::read_to_string(Path::new("src").join(file))?;
        if source.matches(right).count() != 1 {
            return Err(format!("not once in src/{file}: {right}").into());
        }
        let source = source.replace(right, wrong);
        twins += &format!("pub mod {name} {{\n{source}\n}}\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("twins.rs"), twins)?;
    Ok(())
}
