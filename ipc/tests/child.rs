//! The child processes that the examples are built on. The tests run one after
//! another in the main thread, without the test harness: who forks has to be
//! alone.

#![allow(unsafe_code)]

use std::env;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use ipc::{RedisServer, Result, Shared};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpid, pause};

type Test = (&'static str, fn() -> Result<()>);

fn main() -> Result<()> {
    if env::args().nth(1).is_some_and(|role| role == "dies early") {
        return Ok(());
    }
    // Some of the children panic, as they should: a line is enough.
    panic::set_hook(Box::new(|info| eprintln!("{info}")));
    let tests: &[Test] = &[
        ("join tells how a child ended", join_tells_how_a_child_ended),
        ("exit gives the status", exit_gives_the_status),
        ("what cannot be told is no way out", no_way_out),
        ("lost output is a failure", lost_output_is_a_failure),
        ("a half line is printed once", a_half_line_is_printed_once),
        ("a bounded wait leaves the child", a_bounded_wait_leaves_it),
        ("a try to wait remembers the end", a_try_to_wait_remembers),
        ("a child that is dropped is reaped", a_dropped_child_is_reaped),
        ("a reaped child is left alone", a_reaped_child_is_left_alone),
        ("no destructor runs twice", no_destructor_runs_twice),
        ("what was moved in is closed", what_was_moved_in_is_closed),
        ("one failure ends the wait", one_failure_ends_the_wait),
        ("all are counted", all_are_counted),
        ("others' children are left alone", others_are_left_alone),
        ("fork refuses beside a thread", fork_refuses_beside_a_thread),
        ("a child dies with its parent", a_child_dies_with_its_parent),
        ("who dies before it connects is missed", who_dies_early_is_missed),
        ("permits are counted", permits_are_counted),
        ("nobody passes a barrier alone", nobody_passes_a_barrier_alone),
        ("a short file is not mapped", a_short_file_is_not_mapped),
        ("a pipe has the room it says", a_pipe_has_the_room_it_says),
        ("a server ends with its owner", a_server_ends_with_its_owner),
        #[cfg(target_os = "linux")]
        ("a server ends with a killed one", a_server_ends_with_a_killed_one),
        #[cfg(target_os = "linux")]
        ("the dead hold no robust mutex", the_dead_hold_no_robust_mutex),
    ];
    for (name, test) in tests {
        test().map_err(|error| format!("{name}: {error}"))?;
        println!("{name}: ok");
    }
    Ok(())
}

fn sleeper() -> io::Result<ipc::Child> {
    ipc::fork(|| {
        loop {
            pause();
        }
    })
}

fn is_gone(pid: Pid) -> bool {
    waitpid(pid, None) == Err(Errno::ECHILD)
}

fn join_tells_how_a_child_ended() -> Result<()> {
    ipc::fork(|| Ok(()))?.join()?;
    ipc::spawn(Command::new("true").arg("ignored"))?.join()?;
    let panicked = ipc::fork(|| panic!("as it should"))?;
    let id = panicked.id();
    assert_eq!(panicked.wait()?, WaitStatus::Exited(id, 101));
    let panicked = ipc::fork(|| panic!("as it should"))?.join();
    assert!(panicked.is_err_and(|e| e.to_string().ends_with("panicked")));
    let failed = ipc::fork(|| Err("as it should".into()))?.join();
    assert!(failed.is_err_and(|e| e.to_string().ends_with("exit status 1")));
    let killed = sleeper()?;
    killed.signal(Signal::SIGTERM)?;
    let killed = killed.join();
    assert!(killed.is_err_and(|e| e.to_string().ends_with("SIGTERM")));
    Ok(())
}

fn exit_gives_the_status() -> Result<()> {
    extern "C" fn handler() {
        // SAFETY: ends the process.
        unsafe { libc::_exit(99) }
    }
    let child = ipc::fork(|| {
        // SAFETY: `handler` may be called at any time.
        unsafe { libc::atexit(handler) };
        ipc::exit(3)
    })?;
    let id = child.id();
    assert_eq!(child.wait()?, WaitStatus::Exited(id, 3));
    assert_eq!(ipc::fork(|| ipc::exit(3))?.exit_code()?, 3);
    let killed = sleeper()?;
    killed.signal(Signal::SIGKILL)?;
    assert!(killed.exit_code().is_err());
    Ok(())
}

fn a_bounded_wait_leaves_it() -> Result<()> {
    let child = sleeper()?;
    assert!(!child.ends_within(Duration::ZERO)?);
    assert!(!child.ends_within(Duration::from_millis(5))?);
    child.signal(Signal::SIGKILL)?;
    assert!(child.ends_within(Duration::from_secs(60))?);
    let id = child.id();
    let killed = WaitStatus::Signaled(id, Signal::SIGKILL, false);
    assert_eq!(child.wait()?, killed);
    Ok(())
}

fn a_try_to_wait_remembers() -> Result<()> {
    let mut child = sleeper()?;
    assert_eq!(child.try_wait()?, None);
    child.signal(Signal::SIGKILL)?;
    assert!(child.ends_within(Duration::from_secs(60))?);
    let killed = WaitStatus::Signaled(child.id(), Signal::SIGKILL, false);
    assert_eq!(child.try_wait()?, Some(killed));
    assert!(is_gone(child.id()));
    assert_eq!(child.try_wait()?, Some(killed));
    assert!(child.ends_within(Duration::ZERO)?);
    assert!(child.signal(Signal::SIGKILL).is_err());
    assert_eq!(child.wait()?, killed);
    let mut ended = ipc::fork(|| Ok(()))?;
    while ended.try_wait()?.is_none() {
        thread::yield_now();
    }
    assert_eq!(ipc::wait_all([ended, ipc::fork(|| Ok(()))?])?, 2);
    Ok(())
}

/// A payload that panics once more, an error that panics when it is told, and
/// a standard error that nobody reads: the child ends all the same.
fn no_way_out() -> Result<()> {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("as it should");
        }
    }
    #[derive(Debug)]
    struct Unspeakable;
    impl std::fmt::Display for Unspeakable {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("as it should");
        }
    }
    impl std::error::Error for Unspeakable {}

    let parent = getpid();
    let children = [
        ipc::fork(|| panic::panic_any(Bomb))?,
        ipc::fork(|| Err(Box::new(Unspeakable)))?,
        ipc::fork(|| {
            let (_, writer) = io::pipe()?;
            nix::unistd::dup2_stderr(&writer)?;
            Err("told to nobody".into())
        })?,
    ];
    assert_eq!(getpid(), parent, "a child came back");
    for (child, status) in children.into_iter().zip([101, 101, 1]) {
        let id = child.id();
        assert_eq!(child.wait()?, WaitStatus::Exited(id, status));
    }
    Ok(())
}

fn lost_output_is_a_failure() -> Result<()> {
    let child = ipc::fork(|| {
        let (_, writer) = io::pipe()?;
        nix::unistd::dup2_stdout(&writer)?;
        print!("kept in the buffer until the end");
        Ok(())
    })?;
    let failed = child.join();
    assert!(failed.is_err_and(|e| e.to_string().ends_with("exit status 1")));
    Ok(())
}

fn a_half_line_is_printed_once() -> Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let printer = ipc::fork(move || {
        nix::unistd::dup2_stdout(&writer)?;
        print!("once "); // in a buffer, which a fork copies
        ipc::fork(|| {
            print!("child ");
            Ok(())
        })?
        .join()?;
        print!("parent");
        Ok(())
    })?;
    printer.join()?;
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    assert_eq!(text, "once child parent");
    Ok(())
}

fn a_reaped_child_is_left_alone() -> Result<()> {
    let child = ipc::fork(|| Ok(()))?;
    waitpid(child.id(), None)?; // behind the handle's back
    let gone = child.wait(); // and its drop must not kill
    assert!(gone.is_err_and(|e| e.raw_os_error() == Some(libc::ECHILD)));
    Ok(())
}

fn a_dropped_child_is_reaped() -> Result<()> {
    let child = sleeper()?;
    let id = child.id();
    drop(child);
    assert!(is_gone(id));
    Ok(())
}

fn no_destructor_runs_twice() -> Result<()> {
    struct Count<'a>(&'a AtomicU32);
    impl Drop for Count<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Relaxed);
        }
    }
    let drops = Shared::new(AtomicU32::new(0))?;
    let guard = Count(&drops);
    ipc::fork(|| Ok(()))?.join()?;
    assert!(ipc::fork(|| Err("as it should".into()))?.join().is_err());
    assert!(ipc::fork(|| panic!("as it should"))?.join().is_err());
    // Nor does a child's copy of its sibling's handle kill the sibling.
    let mut sibling = Some(sleeper()?);
    let id = sibling.as_ref().map(ipc::Child::id);
    ipc::fork(|| {
        sibling.take();
        Ok(())
    })?
    .join()?;
    let state = waitpid(id, Some(WaitPidFlag::WNOHANG))?;
    assert_eq!(state, WaitStatus::StillAlive);
    assert_eq!(drops.load(Relaxed), 0);
    drop(guard);
    assert_eq!(drops.load(Relaxed), 1);
    Ok(())
}

fn what_was_moved_in_is_closed() -> Result<()> {
    let (mut reader, mut writer) = io::pipe()?;
    let child = ipc::fork(move || Ok(writer.write_all(b"all")?))?;
    let mut text = String::new();
    reader.read_to_string(&mut text)?; // ends, as nobody has a writer any more
    assert_eq!(text, "all");
    child.join()
}

fn one_failure_ends_the_wait() -> Result<()> {
    let waits = sleeper()?;
    let id = waits.id();
    let fails = ipc::fork(|| Err("as it should".into()))?;
    assert!(ipc::wait_all([waits, fails]).is_err());
    assert!(is_gone(id));
    Ok(())
}

fn all_are_counted() -> Result<()> {
    let children = [ipc::fork(|| Ok(()))?, ipc::fork(|| Ok(()))?];
    assert_eq!(ipc::wait_all(children)?, 2);
    assert_eq!(ipc::wait_all([])?, 0);
    Ok(())
}

fn others_are_left_alone() -> Result<()> {
    let other = ipc::fork(|| Ok(()))?;
    let waits = sleeper()?;
    assert!(ipc::wait_all([waits]).is_err());
    other.join()
}

fn fork_refuses_beside_a_thread() -> Result<()> {
    let refused = thread::scope(|s| {
        let (mut end, stop) = io::pipe()?;
        s.spawn(move || end.read_exact(&mut [0]));
        let refused = ipc::fork(|| Ok(())).is_err();
        drop(stop);
        io::Result::Ok(refused)
    })?;
    assert!(refused);
    Ok(())
}

fn a_child_dies_with_its_parent() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let (mut reader, mut writer) = io::pipe()?;
    let parent = ipc::fork(move || {
        let _child = ipc::fork(|| {
            writer.write_all(b"!")?;
            loop {
                pause();
            }
        })?;
        loop {
            pause();
        }
    })?;
    reader.read_exact(&mut [0])?;
    kill(parent.id(), Signal::SIGKILL)?;
    parent.wait()?;
    // End of file: the grandchild, which had the writer, is gone as well.
    assert_eq!(reader.read(&mut [0])?, 0);
    Ok(())
}

fn who_dies_early_is_missed() -> Result<()> {
    let missed = ipc::start::<()>("dies early").map(drop);
    assert!(missed.is_err_and(|e| e.to_string().contains("before")));
    Ok(())
}

fn permits_are_counted() -> Result<()> {
    let semaphore = ipc::Semaphore::new(1)?;
    let (mut inside, mut enter) = io::pipe()?;
    let (mut leave, mut let_out) = io::pipe()?;
    let holder = ipc::fork(|| {
        let _permit = semaphore.acquire()?;
        enter.write_all(b"!")?;
        leave.read_exact(&mut [0])?;
        Ok(())
    })?;
    inside.read_exact(&mut [0])?;
    assert!(semaphore.try_acquire()?.is_none());
    let_out.write_all(b"!")?;
    holder.join()?;
    drop(semaphore.acquire()?);
    assert!(semaphore.try_acquire()?.is_some());
    Ok(())
}

fn nobody_passes_a_barrier_alone() -> Result<()> {
    let barrier = ipc::Barrier::new(3)?;
    let arrived = Shared::new(AtomicU32::new(0))?;
    let start = || {
        ipc::fork(|| {
            arrived.fetch_add(1, Relaxed);
            assert!(barrier.wait()? >= 3);
            assert_eq!(arrived.load(Relaxed), 3);
            barrier.wait()?; // one round only: passes
            Ok(())
        })
    };
    assert_eq!(ipc::wait_all([start()?, start()?, start()?])?, 3);
    Ok(())
}

fn a_short_file_is_not_mapped() -> Result<()> {
    let file = tempfile::tempfile()?;
    // SAFETY: nobody else has the file, and any bytes are a number.
    let map = || unsafe { Shared::<AtomicU32>::from_file(&file) };
    for size in [0, 3] {
        file.set_len(size)?;
        let refused = map().map(drop).map_err(|error| error.kind());
        assert_eq!(refused, Err(io::ErrorKind::UnexpectedEof));
    }
    file.set_len(4)?;
    let number = map()?;
    ipc::fork(|| {
        map()?.store(7, Relaxed);
        Ok(())
    })?
    .join()?;
    assert_eq!(number.load(Relaxed), 7);
    Ok(())
}

fn a_pipe_has_the_room_it_says() -> Result<()> {
    let (mut reader, mut writer) = ipc::pipe_with_room(libc::PIPE_BUF)?;
    let record = [b'a'; libc::PIPE_BUF];
    assert_eq!(ipc::write_at_once(&mut writer, &record)?, record.len());
    assert_eq!(ipc::write_at_once(&mut writer, &record)?, 0);
    drop(writer);
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    assert_eq!(text.trim_start_matches('.').len(), record.len());
    Ok(())
}

#[cfg(target_os = "linux")]
fn the_dead_hold_no_robust_mutex() -> Result<()> {
    use ipc::{LockError, RobustMutex};
    let die_inside = |mutex: &RobustMutex<[u32; 2]>| {
        let holder = ipc::fork(|| {
            let Ok(mut guard) = mutex.lock() else { ipc::exit(1) };
            guard[0] = 1;
            Ok(nix::sys::signal::raise(Signal::SIGKILL)?)
        })?;
        assert!(matches!(holder.wait()?, WaitStatus::Signaled(..)));
        Result::Ok(())
    };
    let mutex = RobustMutex::new([0, 0])?;
    die_inside(&mutex)?;
    match mutex.lock() {
        Err(LockError::OwnerDied(left)) => {
            assert_eq!(*left, [1, 0]);
            assert!(matches!(mutex.try_lock(), Err(LockError::WouldBlock)));
            assert_eq!(*left.repair(|both| both[1] = 1), [1, 1]);
        }
        other => panic!("{:?}", other.map(|guard| *guard)),
    }
    assert!(mutex.lock().is_ok_and(|guard| *guard == [1, 1]));
    die_inside(&mutex)?;
    drop(mutex.lock()); // unrepaired
    assert!(matches!(mutex.lock(), Err(LockError::NotRecoverable)));
    let stalled = RobustMutex::new_stalled([0, 0])?;
    die_inside(&stalled)?;
    assert!(matches!(stalled.try_lock(), Err(LockError::WouldBlock)));
    Ok(())
}

fn socket_of(url: &str) -> Result<PathBuf> {
    let path = url.strip_prefix("redis+unix://").ok_or("no socket")?;
    Ok(path.into())
}

fn a_server_ends_with_its_owner() -> Result<()> {
    let Some(server) = RedisServer::start()? else {
        println!("skipped, no redis-server");
        return Ok(());
    };
    let socket = socket_of(server.url())?;
    let mut client = UnixStream::connect(&socket)?;
    client.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    client.read_exact(&mut answer)?;
    assert_eq!(&answer, b"+PONG\r\n");
    drop(server);
    assert!(!socket.exists());
    assert_eq!(client.read(&mut answer)?, 0);
    Ok(())
}

/// The kernel tells the server, and the server removes its socket.
#[cfg(target_os = "linux")]
fn a_server_ends_with_a_killed_one() -> Result<()> {
    let (mut from_owner, mut to_main) = io::pipe()?;
    let owner = ipc::fork(move || {
        let server = RedisServer::start()?;
        let url = server.as_ref().map_or("", RedisServer::url);
        to_main.write_all(url.as_bytes())?;
        drop(to_main);
        pause();
        Ok(())
    })?;
    let mut url = String::new();
    from_owner.read_to_string(&mut url)?;
    if url.is_empty() {
        println!("skipped, no redis-server");
        return Ok(());
    }
    let socket = socket_of(&url)?;
    let mut client = UnixStream::connect(&socket)?;
    drop(owner); // killed, and waited for
    assert_eq!(client.read(&mut [0])?, 0); // when the server has closed all
    while UnixStream::connect(&socket).is_ok() || socket.exists() {
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
