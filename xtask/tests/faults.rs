//! The whole command while the machine misbehaves: killed, interrupted, full,
//! short of descriptors. In each case a clear message, the right exit status,
//! nothing left running, nothing left behind.

#![cfg(target_os = "linux")]

mod common;
mod fixture;

use std::fs;
use std::process::{Child, Stdio};

use common::{alive, entries, eventually};
use fixture::{Fixture, Said};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const WELL: &str = "println!(\"main: well\");";
const HANG: &str = "println!(\"main: waiting\"); \
                    loop { std::thread::park(); }";

/// A workspace with an example that hangs, and a mark that its process carries.
fn hanging() -> (Fixture, String) {
    let fixture = Fixture::new().example("hang", "main: waiting", HANG);
    let mark = fixture.path("target/debug/examples/hang");
    (fixture, mark.display().to_string())
}

/// Starts `check-all` on it, and waits until the example runs: the linker has
/// the mark in its command line as well, but not alone.
fn started(fixture: &Fixture, mark: &str, namespaces: bool) -> Child {
    let mut command = fixture.xtask(&["check-all"]);
    if !namespaces {
        command.env("XTASK_NO_NAMESPACES", "1");
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    eventually("the example runs", || {
        alive(mark).iter().any(|line| line.trim() == mark)
    });
    child
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().cast_signed());
    kill(pid, signal).expect("signalled");
}

#[test]
fn nothing_outlives_a_runner_that_is_killed() {
    for namespaces in [true, false] {
        let (fixture, mark) = hanging();
        let mut child = started(&fixture, &mark, namespaces);
        signal(&child, Signal::SIGKILL);
        child.wait().expect("reaped");
        eventually("the end of all", || alive(&mark).is_empty());
        eventually("an empty folder", || {
            entries(&fixture.path("tmp")).is_empty()
        });
    }
}

#[test]
fn ctrl_c_stops_and_cleans_up() {
    let (fixture, mark) = hanging();
    let child = started(&fixture, &mark, true);
    signal(&child, Signal::SIGINT);
    let said: Said = child.wait_with_output().expect("reaped").into();
    said.assert(130, &["interrupted"]);
    assert_eq!(alive(&mark), [""; 0]);
    fixture.assert_clean();
}

#[test]
fn ctrl_c_twice_stops_at_once() {
    let (fixture, mark) = hanging();
    let child = started(&fixture, &mark, true);
    signal(&child, Signal::SIGINT);
    // The runner may have ended between the two; then this is to a zombie.
    signal(&child, Signal::SIGINT);
    let said: Said = child.wait_with_output().expect("reaped").into();
    said.assert(130, &[]);
    eventually("the end of all", || alive(&mark).is_empty());
    // It may have had no time to remove its own folder: the next run does.
    let fixture = fixture.example("well", "main: well", WELL);
    Said::by(&mut fixture.xtask(&["check-all", "well"])).assert(0, &[]);
    eventually("an empty folder", || entries(&fixture.path("tmp")).is_empty());
}

/// Runs `script` where it may mount things, or says why that cannot be had.
fn mounted(fixture: &Fixture, script: &str) -> Option<Said> {
    let unshare = "unshare --mount --map-root-user";
    let mut probe = fixture.shell(&format!("{unshare} true"), &[]);
    if !probe.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: `{unshare}` is refused here");
        return None;
    }
    // Built outside, where there is room.
    Said::by(&mut fixture.xtask(&["check-all"])).assert(0, &["1 passed"]);
    let script = format!("exec {unshare} sh -c '{script}' sh \"$@\"");
    Some(Said::by(&mut fixture.shell(&script, &["check-all"])))
}

#[test]
fn a_full_disk_is_named() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    let full = "mount -t tmpfs -o nr_inodes=1 none \"$TMPDIR\" && exec \"$@\"";
    if let Some(said) = mounted(&fixture, full) {
        said.assert(2, &["no working folder under", "No space", "TMPDIR"]);
    }
    // Room for the runner's folder, none for the example's.
    let fixture = Fixture::new().example("well", "main: well", WELL);
    let full = "mount -t tmpfs -o nr_inodes=4 none \"$TMPDIR\" && exec \"$@\"";
    if let Some(said) = mounted(&fixture, full) {
        said.assert(1, &["no working folder under", "No space", "TMPDIR"]);
        assert_eq!(said.last(), "0 passed, 1 failed");
    }
}

#[test]
fn a_full_shared_memory_is_the_hosts_own_affair() {
    let body = "std::fs::write(\"/dev/shm/mine\", vec![1; 4096 * 16]).unwrap();\
                std::fs::remove_file(\"/dev/shm/mine\").unwrap();\
                println!(\"main: well\");";
    let fixture = Fixture::new().example("segment", "main: well", body);
    let full = "mount -t tmpfs -o size=4096 none /dev/shm && \
                (yes | head -c 4096 > /dev/shm/full) && exec \"$@\"";
    if let Some(said) = mounted(&fixture, full) {
        said.assert(0, &["1 passed, 0 failed"]);
    }
    let full = format!("export XTASK_NO_NAMESPACES=1; {full}");
    if let Some(said) = mounted(&fixture, &full) {
        said.assert(1, &["No space left on device", "0 passed, 1 failed"]);
    }
    fixture.assert_clean();
}

#[test]
fn refused_namespaces_are_done_without() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    let without = "setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin";
    let mut probe = fixture.shell(&format!("{without} true"), &[]);
    let is_root = nix::unistd::geteuid().is_root();
    if !is_root || !probe.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: only root can give up its rights by `{without}`");
        return;
    }
    let script = format!("exec {without} \"$@\"");
    let arguments = ["check-all", "--repeat", "20"];
    let said = Said::by(&mut fixture.shell(&script, &arguments));
    said.assert(0, &["namespaces are refused here", "EPERM", "sub-reaper"]);
    assert_eq!(said.last(), "20 passed, 0 failed");
    fixture.assert_clean();
}

#[test]
fn user_namespaces_that_are_all_taken_are_done_without() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    // One may have a single one: it is that in which the runner runs, as an
    // ordinary user.
    let limit = "exec unshare --user --map-root-user sh -c '\
                 echo 1 > /proc/sys/user/max_user_namespaces && \
                 exec unshare --user --map-user=1000 \"$@\"' sh \"$@\"";
    let probe = fixture.shell(&limit.replace("sh \"$@\"", "sh true"), &[]);
    if !{ probe }.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: the number of user namespaces cannot be limited");
        return;
    }
    let said = Said::by(&mut fixture.shell(limit, &["check-all"]));
    let parts = ["ENOSPC", "/proc/sys/user/max_user_namespaces", "sub-reaper"];
    said.assert(0, &parts);
    assert_eq!(said.last(), "1 passed, 0 failed");
    fixture.assert_clean();
}

#[test]
fn a_path_may_have_a_blank() {
    let fixture = Fixture::called("with a blank")
        .example("well", "@threads\nmain: well", WELL)
        .example("odd", "@threads\nmain: well", "println!(\"main: odd\");");
    let run = |arguments: &[&str]| Said::by(&mut fixture.xtask(arguments));
    for command in [&["check-all"][..], &["stress", "--runs", "7"]] {
        let said = run(&[command, &["well"]].concat());
        said.assert(0, &["1 passed, 0 failed"]);
        let all = format!("{}{}", said.stdout, said.stderr);
        assert!(!all.contains("not seen"), "{all}");
        run(&[command, &["odd"]].concat()).assert(1, &["0 passed, 1 failed"]);
    }
    fixture.assert_clean();
}

#[test]
fn few_descriptors_mean_fewer_at_once() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    let script = "ulimit -n 64; exec \"$@\"";
    let arguments = ["check-all", "--repeat", "100", "--jobs", "50"];
    let said = Said::by(&mut fixture.shell(script, &arguments));
    said.assert(0, &["100 passed, 0 failed"]);
    fixture.assert_clean();
}

#[test]
fn an_executable_that_vanishes_is_named() {
    // The first removes the second's executable; one job keeps them in order.
    let body = "let here = std::env::current_exe().unwrap();\
                let _ = std::fs::remove_file(here.with_file_name(\"two\"));\
                println!(\"main: well\");";
    let fixture = Fixture::new().example("one", "main: well", body).example(
        "two",
        "main: well",
        WELL,
    );
    let said = Said::by(&mut fixture.xtask(&["check-all", "--jobs", "1"]));
    said.assert(1, &["topic/two", "cannot be started: No such file"]);
    assert_eq!(said.last(), "1 passed, 1 failed");
    fixture.assert_clean();
}

#[test]
fn a_hundred_failures_at_once_are_all_told() {
    let fixture = Fixture::new().example("wrong", "main: right", WELL);
    let arguments = ["check-all", "--repeat", "100", "--jobs", "100"];
    let said = Said::by(&mut fixture.xtask(&arguments));
    said.assert(1, &["90 more reports"]);
    assert_eq!(said.stdout.matches("failed topic/wrong").count(), 100);
    assert_eq!(said.last(), "0 passed, 100 failed");
    fixture.assert_clean();
}

#[test]
fn a_missing_python_is_named() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    let mut command = fixture.xtask(&["check-all", "--python"]);
    command.env("PYTHON", "/no/such/python");
    let parts = ["/no/such/python", "CPython 3.11", "PYTHON"];
    Said::by(&mut command).assert(2, &parts);
    fixture.assert_clean();
}

#[test]
fn a_report_that_cannot_be_written_is_named() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    for (file, why) in [("/dev/full", "No space"), ("/", "directory")] {
        let said =
            Said::by(&mut fixture.xtask(&["check-all", "--junit", file]));
        said.assert(2, &[file, why]);
    }
    let arguments = ["check-all", "--junit", "missing/report.xml"];
    let said = Said::by(&mut fixture.xtask(&arguments));
    said.assert(2, &["missing/report.xml", "a folder that is there"]);
    // That was known before anything ran, and the full disk after the summary.
    assert_eq!(said.stdout, "");
    let arguments = ["check-all", "--junit", "/dev/full"];
    let said = Said::by(&mut fixture.xtask(&arguments));
    assert_eq!(said.last(), "1 passed, 0 failed");
    fixture.assert_clean();
}

#[test]
fn an_interrupted_report_says_that_it_is_not_whole() {
    let (fixture, mark) = hanging();
    let mut command = fixture.xtask(&["check-all", "--junit", "report.xml"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    eventually("the example runs", || {
        alive(&mark).iter().any(|line| line.trim() == mark)
    });
    signal(&child, Signal::SIGTERM);
    let said: Said = child.wait_with_output().expect("reaped").into();
    said.assert(130, &["interrupted"]);
    let report = fs::read_to_string(fixture.path("report.xml"));
    assert!(report.expect("a report").contains("this report is not whole"));
}

#[test]
fn the_status_is_earned_wherever_the_output_goes() {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    let fixture = fixture.example("wrong", "main: right", WELL);
    for (command, rest) in [("check-all", ""), ("stress", "--runs 7")] {
        for (name, full, closed) in [("well", 2, 0), ("wrong", 1, 1)] {
            let arguments = [command, name];
            let script = format!("\"$@\" {rest} > /dev/full");
            let said = Said::by(&mut fixture.shell(&script, &arguments));
            said.assert(full, &["error: standard output: No space left"]);
            let script = format!(
                "{{ \"$@\" {rest}; echo $? > status; }} | true; \
                 exit $(cat status)"
            );
            let said = Said::by(&mut fixture.shell(&script, &arguments));
            said.assert(closed, &[]);
        }
    }
    fixture.assert_clean();
}

/// Runs `check-all` as a user who may have so many threads and processes, and
/// whose supervisors may `then`, once all is built; or says why that cannot be had.
fn with_few(limit: u32, then: u32, arguments: &[&str]) -> Option<Said> {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    Said::by(&mut fixture.xtask(&["check-all"])).assert(0, &["1 passed"]);
    // No other user's processes count, and no other test's.
    let uid = format!(
        "prlimit --nproc={limit} setpriv --reuid={} --clear-groups",
        54300 + 20 * limit + then
    );
    let mut probe = fixture.shell(&format!("{uid} true"), &[]);
    if !probe.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: only root can become another user by `{uid}`");
        return None;
    }
    // The other user need not have a cargo: this one says what was built.
    let build = "cargo build --examples --message-format json > messages";
    fixture.shell(build, &[]).output().expect("built");
    let cargo = format!(
        "#!/bin/sh\ncat messages\n\
         for p in $(cat /proc/$PPID/task/$PPID/children); do\n\
         grep -q __supervise /proc/$p/cmdline &&\n\
         prlimit --pid $p --nproc={then}\ndone\nexit 0\n"
    );
    fixture.write("cargo", &cargo);
    let open = "chmod a+x cargo && chmod -R a+rwX .";
    fixture.shell(open, &[]).output().expect("opened");
    let script = format!("CARGO=./cargo exec {uid} \"$@\"");
    let arguments = [&["check-all"], arguments].concat();
    let said = Said::by(&mut fixture.shell(&script, &arguments));
    fixture.assert_clean();
    Some(said)
}

#[test]
fn few_threads_are_done_with() {
    let arguments = ["--repeat", "20", "--jobs", "60"];
    let Some(said) = with_few(12, 12, &arguments) else { return };
    // Some runs may find no process; none is lost, and each is told.
    let last = said.last();
    let numbers = last.split(|c: char| !c.is_ascii_digit());
    let sum: u32 = numbers.filter_map(|n| n.parse::<u32>().ok()).sum();
    assert_eq!(sum, 20, "{}{}", said.stdout, said.stderr);
}

#[test]
fn too_few_processes_are_named() {
    // The runner, its zygote and a thread: then there is no supervisor or, with
    // one more, no example.
    for then in [3, 4] {
        let Some(said) = with_few(12, then, &[]) else { return };
        let named = "no more processes are allowed (ulimit -u)";
        said.assert(1, &[named, "0 passed, 1 failed"]);
    }
    // With the zygote, cargo, and who stops it, there is no room for a thread.
    let Some(said) = with_few(4, 4, &[]) else { return };
    said.assert(2, &["cargo cannot be run"]);
}

/// A workspace whose build takes long: its build script waits, and carries the
/// mark.
fn building() -> (Fixture, String) {
    let fixture = Fixture::new().example("well", "main: well", WELL);
    fixture
        .write("topic/build.rs", "fn main() { loop { std::thread::park() } }");
    let mark = fixture.path("target/debug/build").display().to_string();
    (fixture, mark)
}

#[test]
fn an_interruption_reaches_cargo() {
    for (name, status) in
        [(Signal::SIGTERM, Some(130)), (Signal::SIGKILL, None)]
    {
        let (fixture, mark) = building();
        let mut command = fixture.xtask(&["check-all"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("it starts");
        let script = || {
            let is =
                |line: &String| line.trim().ends_with("build-script-build");
            alive(&mark).iter().any(is)
        };
        eventually("the build script runs", script);
        signal(&child, name);
        let said: Said = child.wait_with_output().expect("reaped").into();
        assert_eq!(said.status, status, "{}{}", said.stdout, said.stderr);
        assert!(!said.stdout.contains("failed"), "{}", said.stdout);
        eventually("the end of all", || alive(&mark).is_empty());
        eventually("an empty folder", || {
            entries(&fixture.path("tmp")).is_empty()
        });
    }
}
