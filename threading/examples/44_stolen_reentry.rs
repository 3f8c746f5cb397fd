//! Stolen re-entry: a `join` under a lock runs a task that wants the lock.
//!
//! Python: none, its pools run no other task in a thread that waits.
//! Reported: rayon-rs/rayon#592, #1174.
//! Symptom: it hangs: a rayon task waits for a lock that its own thread holds.
//!
//! A rayon worker that waits in `join` (or `scope`, or a parallel iterator)
//! does not sleep: it runs other tasks meanwhile, on its own stack, under
//! whatever it holds. If such a task takes the lock that the waiting one holds,
//! the thread waits for itself. It needs a second thread that is slower than
//! the first, so it shows under load. The compiler does not see it; a guard is
//! allowed to live across `join`.
//!
//! The cure: release the lock before the `join`, or compute under no lock and
//! take it for the result. (Work under a lock that must be parallel belongs to
//! a pool of its own.) Here the second half is stolen by the other worker and
//! waits, and the first half leaves a task behind: the holder's thread runs it
//! in both rounds. It only tries the lock, so the program ends.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: held across join, task on its thread: true, refused: true
//! main: released before, task on its thread: true, refused: false
//! ```
//!
//! Break it: `across.then_some(guard)` => `Some(guard)`
//! Break it: `across.then_some(guard)` => `(!across).then_some(guard)`

use std::error::Error;
use std::sync::Mutex;
use std::thread;

use crossbeam_channel::bounded;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Whether the task ran on the holder's thread, and was refused the lock.
fn run(pool: &ThreadPool, across: bool) -> Option<(bool, bool)> {
    let lock = Mutex::new(0);
    let (steal, stolen) = bounded::<()>(1);
    let (open, gate) = bounded::<()>(1);
    let (tell, told) = bounded(1);
    pool.install(|| {
        let guard = lock.lock().expect("no holder panics");
        let guard = across.then_some(guard); // or it is released here
        let holder = thread::current().id();
        let task = || {
            let here = thread::current().id() == holder;
            let refused = lock.try_lock().is_err(); // `lock` would hang
            tell.send((here, refused)).expect("main listens");
            open.send(()).expect("the other half waits");
        };
        rayon::scope(|s| {
            rayon::join(
                || {
                    stolen.recv().expect("the other half says so");
                    s.spawn(|_| task());
                },
                || {
                    steal.send(()).expect("the first half waits");
                    gate.recv().expect("the task opens it");
                },
            );
        });
        drop(guard);
    });
    told.try_recv().ok()
}

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(2).build()?;
    for (name, across) in
        [("held across join", true), ("released before", false)]
    {
        let (here, refused) = run(&pool, across).ok_or("no task")?;
        println!(
            "main: {name}, task on its thread: {here}, refused: {refused}"
        );
    }
    Ok(())
}
