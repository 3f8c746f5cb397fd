//! Robust mutex: the next holder is told that the last one died.
//!
//! Python: none, a `multiprocessing.Lock` is a semaphore, which nobody takes
//! back from the dead.
//! Notes: none.
//!
//! A mutex can stand in memory that processes share. If its holder is killed,
//! an ordinary one stays locked for good. The kernel gives up a robust one, and
//! the next `lock` says so (EOWNERDEAD). It holds the lock and has to look at
//! the data, which may be half changed: it repairs them, declares them
//! consistent, and goes on. If it gives the lock back unrepaired, every later
//! `lock` fails (ENOTRECOVERABLE).
//!
//! Rust has the same idea between threads: a poisoned `Mutex`. Reach for it
//! when processes change data together and the death of one must not stop the
//! others. If speed does not count, a lock on a file is simpler (`file_lock`).
//! The mutex is the C library's, in `ipc::RobustMutex`. Linux only.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! holder 1: locks, takes 30 from Ann: Ann 20, Bob 50
//! main: holder 1 was ended by SIGKILL
//! heir: the holder died: Ann 20, Bob 50
//! heir: repairs it: Ann 50, Bob 50
//! next: locks: Ann 50, Bob 50
//! holder 2: locks, takes 30 from Ann: Ann 20, Bob 50
//! main: holder 2 was ended by SIGKILL
//! careless: the holder died: Ann 20, Bob 50
//! last: not recoverable
//! holder 3: locks, takes 30 from Ann: Ann 20, Bob 50
//! main: holder 3 was ended by SIGKILL
//! main: a mutex that is not robust: held
//! ```
//!
//! Break it: `RobustMutex::new([50, 50])?`
//! => `RobustMutex::new_stalled([50, 50])?`,
//! `match mutex.lock()` => `match mutex.try_lock()`,
//! `= mutex.lock()` => `= mutex.try_lock()`
//! Break it: `*ann = 100 - *bob` => `*bob = 100 - *ann`
//! Break it: `look("careless", &accounts, false)`
//! => `look("careless", &accounts, true)`

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, there are no robust mutexes here");
}

#[cfg(target_os = "linux")]
fn main() -> ipc::Result<()> {
    linux::run()
}

#[cfg(target_os = "linux")]
mod linux {
    use ipc::{LockError, Result, RobustMutex};
    use nix::sys::signal::{Signal, raise};
    use nix::sys::wait::WaitStatus;

    /// Ann's and Bob's, together 100.
    type Accounts = RobustMutex<[u32; 2]>;

    pub(super) fn run() -> Result<()> {
        let accounts = RobustMutex::new([50, 50])?;
        die_inside(1, &accounts)?;
        ipc::fork(|| look("heir", &accounts, true))?.join()?;
        ipc::fork(|| look("next", &accounts, true))?.join()?;
        die_inside(2, &accounts)?;
        ipc::fork(|| look("careless", &accounts, false))?.join()?;
        ipc::fork(|| look("last", &accounts, true))?.join()?;

        let stalled = RobustMutex::new_stalled([50, 50])?;
        die_inside(3, &stalled)?;
        let free = match stalled.try_lock() {
            Ok(_) => "free".to_string(),
            Err(error) => error.to_string(),
        };
        println!("main: a mutex that is not robust: {free}");
        Ok(())
    }

    /// A process that is killed in the middle of a change.
    fn die_inside(number: u32, mutex: &Accounts) -> Result<()> {
        let holder = ipc::fork(|| {
            let mut guard = mutex.lock().map_err(|error| error.to_string())?;
            guard[0] -= 30;
            let accounts = show(&guard);
            println!("holder {number}: locks, takes 30 from Ann: {accounts}");
            Ok(raise(Signal::SIGKILL)?)
        })?;
        match holder.wait()? {
            WaitStatus::Signaled(_, signal, _) => {
                println!("main: holder {number} was ended by {signal}");
                Ok(())
            }
            other => Err(format!("the holder lives on: {other:?}").into()),
        }
    }

    fn look(name: &str, mutex: &Accounts, repairs: bool) -> Result<()> {
        match mutex.lock() {
            Ok(guard) => println!("{name}: locks: {}", show(&guard)),
            Err(LockError::OwnerDied(left)) => {
                println!("{name}: the holder died: {}", show(&left));
                if repairs {
                    let guard = left.repair(|[ann, bob]| *ann = 100 - *bob);
                    println!("{name}: repairs it: {}", show(&guard));
                }
            }
            Err(error) => println!("{name}: {error}"),
        }
        Ok(())
    }

    fn show([ann, bob]: &[u32; 2]) -> String {
        format!("Ann {ann}, Bob {bob}")
    }
}
