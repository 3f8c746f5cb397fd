//! The runner against small misbehaving programs, in namespaces and under a
//! sub-reaper.

#![cfg(target_os = "linux")]

#[path = "../../tests/common/mod.rs"]
mod common;

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use common::{alive, eventually, mark, misbehave, processes};
use expect::{Ending, Observed};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::Pid;
use supervise::{Fault, Isolation, Job, Outcome, Runner};

const LONG: Duration = Duration::from_secs(60);

fn run_job(
    job: &Job,
    isolation: Isolation,
    timeout: Duration,
) -> Result<Outcome, Fault> {
    runner(isolation).run(job, timeout)
}

fn runner(isolation: Isolation) -> Runner {
    let binary = env!("CARGO_BIN_EXE_misbehave").as_ref();
    Runner::new(binary, isolation).expect("a runner")
}

/// Runs `what` under either kind of supervisor, and makes sure that nothing of
/// it lives on.
fn both(what: &str, timeout: Duration, check: impl Fn(Observed)) {
    for isolation in [Isolation::Namespaces, Isolation::Reaper] {
        let mark = mark(&format!("{what}-{isolation:?}"));
        let job = Job {
            program: misbehave(),
            arguments: vec![what.to_owned(), mark.clone()],
            ..Job::default()
        };
        let outcome = run_job(&job, isolation, timeout).expect("it runs");
        assert_eq!(alive(&mark), [""; 0], "{what} {isolation:?}");
        check(outcome.observed);
    }
}

fn stdout(observed: &Observed) -> Vec<&str> {
    observed.lines.iter().map(|line| line.text.as_str()).collect()
}

fn leaks(what: &str, expected: &[&str]) {
    both(what, LONG, |observed| {
        assert_eq!(observed.ending, Ending::Exit(0));
        assert_eq!(observed.leaks.len(), expected.len(), "{observed:?}");
        for (leak, part) in observed.leaks.iter().zip(expected) {
            assert!(leak.contains(part), "{leak} without {part}");
        }
    });
}

#[test]
fn a_good_program_is_seen_whole() {
    both("nothing", LONG, |observed| {
        assert_eq!(stdout(&observed), ["main: well"]);
        assert_eq!(observed.ending, Ending::Exit(0));
        assert_eq!(observed.leaks, [""; 0]);
        assert_eq!(observed.notes, [""; 0]);
    });
}

#[test]
fn a_hanging_program_is_timed_out() {
    for what in ["hang", "ignores_sigterm"] {
        both(what, Duration::from_secs(2), |observed| {
            let timeout = Duration::from_secs(2);
            assert_eq!(observed.ending, Ending::TimedOut(timeout));
            assert_eq!(stdout(&observed), ["main: waiting"]);
        });
    }
}

#[test]
fn what_spins_is_timed_out_too() {
    both("spins", Duration::from_secs(1), |observed| {
        let timeout = Duration::from_secs(1);
        assert_eq!(observed.ending, Ending::TimedOut(timeout));
        assert_eq!(stdout(&observed), ["main: busy"]);
    });
}

#[test]
fn what_is_timed_out_may_tell_why() {
    both("reports", Duration::from_secs(1), |observed| {
        let timeout = Duration::from_secs(1);
        assert_eq!(observed.ending, Ending::TimedOut(timeout));
        assert_eq!(stdout(&observed), ["main: waiting", "main: I hung"]);
        assert_eq!(observed.leaks, [""; 0]);
    });
}

#[test]
fn a_pause_of_everything_is_not_counted() {
    let mark = mark("paused");
    let runner = Command::new(env!("CARGO_BIN_EXE_misbehave"))
        .args(["runs", &mark])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    // The runner itself and the program.
    eventually("the program", || alive(&mark).len() == 2);
    let mut all = vec![runner.id().cast_signed()];
    let mut next = 0;
    while let Some(parent) = all.get(next) {
        let file = format!("/proc/{parent}/task/{parent}/children");
        let children = fs::read_to_string(file).unwrap_or_default();
        let children = children.split_whitespace();
        all.extend(children.filter_map(|pid| pid.parse::<i32>().ok()));
        next += 1;
    }
    let tell = |signal| {
        for pid in &all {
            let _ = kill(Pid::from_raw(*pid), signal);
        }
    };
    tell(Signal::SIGSTOP);
    thread::sleep(Duration::from_secs(4));
    tell(Signal::SIGCONT);
    let said = runner.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&said.stdout), "exit 0\n");
}

#[test]
fn living_descendants_are_leaks() {
    leaks("leaves_daemon", &["still runs"]);
    both("leaves_grandchild", LONG, |observed| {
        // The process between may have ended by then, or not.
        let lives = |leak: &String| leak.contains("still runs");
        assert!(observed.leaks.iter().any(lives), "{observed:?}");
    });
    leaks("leaves_nameless", &["still runs"]);
    leaks("leaves_zombie", &["was not waited for"]);
}

#[test]
fn a_fork_storm_is_swept() {
    both("fork_storm", LONG, |observed| {
        assert_eq!(observed.leaks.len(), 200);
    });
}

#[test]
fn a_process_that_hops_is_caught() {
    // Whether it is seen between two hops is chance; that it is gone is not.
    both("hops", LONG, |_| {});
}

#[test]
fn output_after_the_end_is_not_waited_for() {
    both("child_prints_late", LONG, |observed| {
        assert_eq!(stdout(&observed), [""; 0]);
        assert_eq!(observed.leaks.len(), 1);
    });
}

#[test]
fn a_closed_stdout_is_no_end() {
    both("closes_stdout", LONG, |observed| {
        assert_eq!(observed.ending, Ending::Exit(0));
    });
}

#[test]
fn a_flood_is_cut() {
    both("floods", LONG, |observed| {
        assert!(observed.notes[0].contains("16 MB"), "{:?}", observed.notes);
        assert!(observed.lines.len() < 20_000);
    });
}

#[test]
fn a_flood_of_lines_is_cut() {
    both("floods_lines", LONG, |observed| {
        assert!(observed.notes[0].contains("131072 lines"));
        assert!(observed.lines.len() < 200_000, "{}", observed.lines.len());
    });
}

#[test]
fn odd_output_is_noted() {
    both("no_newline", LONG, |observed| {
        assert_eq!(stdout(&observed), ["main: well"]);
        assert!(observed.notes[0].contains("no newline"));
    });
    both("not_utf8", LONG, |observed| {
        assert!(observed.notes[0].contains("not UTF-8"));
    });
}

#[test]
fn death_by_signal_is_told() {
    both("dies", LONG, |observed| {
        assert_eq!(observed.ending, Ending::Signal("KILL".into()));
    });
    both("aborts", LONG, |observed| {
        assert_eq!(observed.ending, Ending::Signal("ABRT".into()));
    });
}

#[test]
fn named_objects_are_leaks() {
    leaks("leaves_segment", &["shared memory"]);
    leaks("leaves_file", &["file left.txt"]);
    leaks("leaves_locked_folder", &["folder locked"]);
    leaks("leaves_system_v", &["SysV shared memory segment"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_system_v_object_goes_with_its_program() {
    let job = Job {
        program: misbehave(),
        arguments: vec!["leaves_system_v".into()],
        ..Job::default()
    };
    let outcome = run_job(&job, Isolation::Reaper, LONG).expect("it runs");
    let leak = outcome.observed.leaks.concat();
    let id = leak.split(' ').find(|word| word.parse::<u32>().is_ok());
    let id = id.expect("a number");
    let table = fs::read_to_string("/proc/sysvipc/shm").expect("a table");
    let mut rows = table.lines().map(str::split_whitespace);
    let is_there = rows.any(|mut row| row.nth(1) == Some(id));
    if is_there {
        let _ = Command::new("ipcrm").args(["-m", id]).status();
    }
    assert!(!is_there, "{leak}");
}

#[test]
fn permissions_taken_away_hide_nothing() {
    leaks("hides_files", &["folder one"]);
}

#[test]
fn a_file_elsewhere_is_a_leak() {
    let folder = tempfile::tempdir().expect("a folder");
    for (nth, isolation) in
        [Isolation::Namespaces, Isolation::Reaper].into_iter().enumerate()
    {
        let path = folder.path().join(format!("{nth}-{}", "x".repeat(100)));
        let path = path.display().to_string();
        let job = Job {
            program: misbehave(),
            arguments: vec!["leaves_elsewhere".into(), path.clone()],
            ..Job::default()
        };
        let leaks = run_job(&job, isolation, LONG).expect("it runs");
        let leaks = leaks.observed.leaks;
        assert_eq!(leaks, [format!("file {path} was not removed")]);
    }
}

/// As of a sibling: a job one of whose arguments is a Python file.
fn python(what: &str, check: impl Fn(&[String])) {
    for isolation in [Isolation::Namespaces, Isolation::Reaper] {
        let job = Job {
            program: misbehave(),
            arguments: vec![what.to_owned(), "sibling.py".to_owned()],
            ..Job::default()
        };
        let outcome = run_job(&job, isolation, LONG).expect("it runs");
        check(&outcome.observed.leaks);
    }
}

#[test]
fn a_siblings_leaks_are_told() {
    python("leaves_zombie", |leaks| {
        assert_eq!(leaks.len(), 1);
        assert!(leaks[0].contains("was not waited for"), "{leaks:?}");
    });
    python("forges_tracker", |leaks| {
        assert_eq!(leaks.len(), 1);
        assert!(leaks[0].contains("resource_tracker) still runs"));
    });
    python("leaves_daemon", |leaks| assert_eq!(leaks.len(), 1));
    // Python 3.15 waits for it for a second only, while the program ends.
    python("has_early_tracker", |leaks| assert!(leaks.is_empty(), "{leaks:?}"));
}

#[test]
fn a_proc_that_is_unmounted_hides_nothing() {
    let mark = mark("unmounted");
    let job = Job {
        program: misbehave(),
        arguments: vec!["unmounts_proc".into(), mark.clone()],
        ..Job::default()
    };
    let outcome = run_job(&job, Isolation::Namespaces, LONG).expect("it runs");
    if outcome.fallback.is_none() {
        let leaks = outcome.observed.leaks;
        assert_eq!(leaks.len(), 1, "{leaks:?}");
        assert!(leaks[0].contains(&mark), "{leaks:?}");
    }
}

#[test]
fn signals_are_neither_blocked_nor_ignored() {
    let mut all = SigSet::all();
    // Whoever stops this test is to be heard.
    all.remove(Signal::SIGINT);
    all.thread_block().expect("blocked");
    both("shows_signals", LONG, |observed| {
        for line in stdout(&observed) {
            let (_, bits) = line.split_once(":\t").expect("a number");
            let bits = u64::from_str_radix(bits, 16).expect("a number");
            // Rust itself ignores SIGPIPE; from 32 on they are the C library's.
            let ours = (1 << 31) - 1 - (1 << (Signal::SIGPIPE as u64 - 1));
            assert_eq!(bits & ours, 0, "{line}");
        }
        assert_eq!(observed.lines.len(), 2);
    });
}

#[test]
fn that_the_zygote_is_gone_is_told_once() {
    let mark = mark("lost");
    let job = Job {
        program: misbehave(),
        arguments: vec!["naps".into(), mark.clone()],
        ..Job::default()
    };
    let runner = runner(Isolation::Namespaces);
    thread::scope(|scope| {
        let run = scope.spawn(|| runner.run(&job, LONG));
        eventually("the program", || !alive(&mark).is_empty());
        let zygote = parent(parent(processes(&mark)[0]));
        kill(Pid::from_raw(zygote), Signal::SIGKILL).expect("killed");
        let ending = run.join().expect("no panic").expect("watched to its end");
        assert_eq!(ending.observed.ending, Ending::Exit(0));
    });
    assert!(matches!(runner.run(&job, LONG), Err(Fault::Lost)));
    assert!(matches!(runner.run(&job, LONG), Err(Fault::Interrupted)));
    assert!(runner.interrupted());
}

fn parent(process: i32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    let stat = stat.expect("it lives");
    let after = stat.rsplit(") ").next().expect("a state");
    after.split(' ').nth(1).expect("a parent").parse().expect("a number")
}

#[test]
fn a_message_queue_is_a_leak_where_it_can_be_seen() {
    let job = Job {
        program: misbehave(),
        arguments: vec!["leaves_queue".into()],
        ..Job::default()
    };
    let outcome = run_job(&job, Isolation::Namespaces, LONG).expect("it runs");
    match outcome.fallback {
        None => {
            let leaks = outcome.observed.leaks;
            assert!(leaks[0].contains("message queue /misbehave-"));
        }
        Some(why) => eprintln!("skipped without namespaces: {why}"),
    }
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let job = Job { program: "/no/such/program".into(), ..Job::default() };
    match run_job(&job, Isolation::Namespaces, LONG) {
        Err(Fault::NotRun(why)) => {
            assert!(why.contains("/no/such/program cannot be started"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_outlives_a_supervisor_that_is_killed() {
    for isolation in [Isolation::Namespaces, Isolation::Reaper] {
        let mark = mark(&format!("supervisor-killed-{isolation:?}"));
        let job = Job {
            program: misbehave(),
            arguments: vec!["ignores_sigterm".into(), mark.clone()],
            ..Job::default()
        };
        let runner = runner(isolation);
        let result = thread::scope(|scope| {
            let run = scope.spawn(|| runner.run(&job, LONG));
            eventually("the example", || !alive(&mark).is_empty());
            let supervisor = parent(processes(&mark)[0]);
            let parent = Pid::from_raw(supervisor);
            kill(parent, Signal::SIGKILL).expect("killed");
            if isolation == Isolation::Namespaces {
                eventually("its end", || alive(&mark).is_empty());
            }
            run.join().expect("no panic")
        });
        match result {
            Err(Fault::NotRun(why)) => assert!(why.contains("died"), "{why}"),
            other => panic!("{other:?}"),
        }
        drop(runner);
        assert_eq!(alive(&mark), [""; 0], "{isolation:?}");
    }
}
