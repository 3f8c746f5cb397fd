//! `watch`, at a terminal and without one.

#![cfg(target_os = "linux")]

mod common;
mod fixture;
mod pty;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use common::{alive, eventually};
use fixture::Fixture;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pty::Pty;

const PATH: &str = "topic/examples/01_first.rs";
const WELL: &str = "println!(\"main: well\");";

fn fixture() -> Fixture {
    Fixture::new().example("first", "main: well", WELL)
}

/// The example with another word in its code.
fn saying(fixture: &Fixture, word: &str) -> String {
    let text = fs::read_to_string(fixture.path(PATH)).expect("there");
    let (header, code) = text.split_once("fn main").expect("a main");
    let (_, rest) = code.split_once("main: ").expect("a line");
    let (_, rest) = rest.split_once('"').expect("its end");
    let before = code.split_once("main: ").expect("a line").0;
    format!("{header}fn main{before}main: {word}\"{rest}")
}

#[test]
fn a_save_is_judged_however_the_editor_saves() {
    let fixture = fixture();
    let mut pty = Pty::xtask(&fixture, &["watch", "first"]);
    pty.wait_for("1 passed, 0 failed");
    pty.wait_for("q:quit");
    // Written in place.
    fixture.write(PATH, &saying(&fixture, "ill"));
    pty.wait_for("saved topic/examples/01_first.rs");
    pty.wait_for("printed `main: ill`");
    pty.wait_for("0 passed, 1 failed");
    pty.wait_for("q:quit");
    // Another file is put in the place.
    fixture.write("topic/examples/.new", &saying(&fixture, "well"));
    fs::rename(fixture.path("topic/examples/.new"), fixture.path(PATH))
        .expect("renamed");
    pty.wait_for("1 passed, 0 failed");
    pty.wait_for("q:quit");
    // What does not compile is told with what the compiler says.
    let text = saying(&fixture, "well").replace("println!", "no_such!");
    fixture.write(PATH, &text);
    pty.wait_for("cannot find macro `no_such`");
    pty.press("q");
    assert_eq!(pty.end().code(), Some(0));
    assert!(pty.is_as_it_was());
    fixture.assert_clean();
}

#[test]
fn keys_run_again_and_help_and_a_resize_redraws() {
    let fixture = fixture();
    let mut pty = Pty::xtask(&fixture, &["watch"]);
    pty.wait_for("watching 1 examples");
    pty.press("a");
    pty.wait_for("1 passed, 0 failed");
    pty.wait_for("q:quit");
    pty.resize(16, 8);
    pty.wait_for("q:quit  r:run …");
    pty.press("?");
    pty.wait_for("space:");
    pty.press("r");
    pty.wait_for("1 passed");
    pty.press("\x03");
    assert_eq!(pty.end().code(), Some(130));
    assert!(pty.is_as_it_was());
}

#[test]
fn ctrl_c_stops_what_runs() {
    let forever = "println!(\"main: well\");\n\
                   std::thread::sleep(std::time::Duration::from_secs(600));";
    let fixture = Fixture::new().example("first", "main: well", forever);
    let mark = fixture.path("target").display().to_string();
    let mut pty = Pty::xtask(&fixture, &["watch", "first"]);
    eventually("the example", || {
        alive(&mark)
            .iter()
            .any(|line| line.trim_end().ends_with("examples/first"))
    });
    pty.press("\x03");
    assert_eq!(pty.end().code(), Some(130));
    assert!(pty.is_as_it_was());
    eventually("nothing running", || alive(&mark).is_empty());
    fixture.assert_clean();
}

#[test]
fn without_a_terminal_there_are_plain_lines() {
    let fixture = fixture();
    let mut child = fixture
        .xtask(&["watch", "first"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let stdout = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let mut wait_for = |text: &str| {
        let line = lines.find(|line| line.contains(text));
        let line = line.expect("it comes");
        assert!(!line.contains('\x1b'), "{line:?}");
    };
    wait_for("1 passed, 0 failed");
    std::thread::sleep(Duration::from_millis(100));
    fixture.write(PATH, &saying(&fixture, "ill"));
    wait_for("saved topic/examples/01_first.rs");
    wait_for("0 passed, 1 failed");
    let process = Pid::from_raw(child.id().cast_signed());
    kill(process, Signal::SIGINT).expect("it lives");
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
}
