//! `learn`, at a terminal and without one.

#![cfg(target_os = "linux")]

mod common;
mod fixture;
mod pty;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use common::{alive, eventually};
use fixture::{Fixture, Said};
use nix::sys::signal::Signal;
use pty::Pty;

const SOURCE: &str = "topic/examples/01_first.rs";
const SIBLING: &str = "topic/examples/01_first.py";
const COPY: &str = "target/xtask/learn/topic/examples/first__1_repair.rs";
const PYTHON: &str = "target/xtask/learn/siblings/first__2_repair.py";
const RIGHT: &str = "this line is missing: `main: two`";

/// Two exercises: one in Rust, one in Python.
fn fixture() -> Fixture {
    let body = "println!(\"main: one\");\nprintln!(\"main: two\");";
    let fixture = Fixture::new().example("first", "main: one\nmain: two", body);
    let text = read(&fixture, SOURCE)
        .replace("Python: none, it is a fixture", "Python: `01_first.py`")
        .replace(
            "//! Break it: `main()` => `main ()`",
            "//! Break it: `main: two` => `main: six`\n\
             //! Break it (Python): `print(\"main: two\")` => `pass`",
        );
    fixture.write(SOURCE, &text);
    let python = "print(\"main: one\")\nprint(\"main: two\")\n";
    fixture.write(SIBLING, python);
    fixture
}

fn read(fixture: &Fixture, path: &str) -> String {
    fs::read_to_string(fixture.path(path)).expect("there")
}

/// Saves as many editors do: another file is put in the place.
fn save_by_rename(path: PathBuf, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).expect("written");
    fs::rename(&new, &path).expect("renamed");
}

/// The number of the choice that has this text.
#[track_caller]
fn number(page: &str, choice: &str) -> String {
    let line = page.lines().rfind(|line| line.contains(choice));
    let line = line.unwrap_or_else(|| panic!("no `{choice}` in:\n{page}"));
    line.trim().chars().take(1).collect()
}

#[test]
fn an_exercise_goes_from_predict_to_repaired() {
    let fixture = fixture();
    let (source, sibling) = (read(&fixture, SOURCE), read(&fixture, SIBLING));
    let mut pty = Pty::xtask(&fixture, &["learn"]);
    pty.wait_for("1/2 predict: first");
    let page = pty.wait_for("?:help");
    // A wrong guess is struck, and another may follow.
    pty.press(&number(&page, "it still passes"));
    pty.wait_for("(no)");
    pty.wait_for("Try again");
    pty.wait_for("?:help");
    pty.press(&number(&page, RIGHT));
    pty.wait_for("You found it, guess 2");
    pty.wait_for("sound                                  │ broken");
    pty.wait_for("?:help");
    // Narrow, the runs are below each other.
    pty.resize(50, 24);
    pty.wait_for("= exit 0\n\nbroken\n+ main");
    pty.resize(80, 24);
    pty.wait_for("│ broken");
    pty.press("\r");
    pty.wait_for(COPY);
    pty.press("h");
    pty.wait_for("Hint: look at line");
    pty.press("d");
    pty.wait_for("+ println!(\"main: two\");");
    let broken = read(&fixture, COPY);
    assert_eq!(
        broken,
        source.replace("\nprintln!(\"main: two", "\nprintln!(\"main: six")
    );
    fixture.write(COPY, &format!("{broken}\n"));
    pty.wait_for("printed `main: six`");
    pty.wait_for("?:help");
    fixture.write(COPY, &broken.replace("println!", "no_such!"));
    pty.wait_for("it does not compile");
    pty.wait_for("cannot find macro `no_such`");
    pty.wait_for("?:help");
    save_by_rename(fixture.path(COPY), &source);
    pty.wait_for("Repaired: the check passes.");
    pty.wait_for("1 of 2 done");
    pty.press("\r");
    // The sibling's, likewise.
    pty.wait_for("2/2 predict: first");
    let page = pty.wait_for("?:help");
    pty.press(&number(&page, RIGHT));
    pty.wait_for("You predicted it");
    pty.press("\r");
    pty.wait_for(PYTHON);
    save_by_rename(fixture.path(PYTHON), &sibling);
    pty.wait_for("2 of 2 done");
    pty.press("q");
    assert_eq!(pty.end().code(), Some(0));
    assert!(pty.is_as_it_was());
    assert_eq!(read(&fixture, SOURCE), source);
    assert_eq!(read(&fixture, SIBLING), sibling);
    fixture.assert_clean();
    Said::by(&mut fixture.xtask(&["learn", "--list"]))
        .assert(0, &["done  first, rust", "done  first, python", "2 of 2"]);
    Said::by(&mut fixture.xtask(&["learn", "--reset"])).assert(0, &["2 begin"]);
    Said::by(&mut fixture.xtask(&["learn", "--list"])).assert(0, &["0 of 2"]);
}

#[test]
fn it_ends_and_resumes_anywhere() {
    let fixture = fixture();
    let mut pty = Pty::xtask(&fixture, &["learn"]);
    let page = pty.wait_for("?:help");
    pty.press(&number(&page, RIGHT));
    pty.wait_for("You predicted it");
    pty.press("\r");
    pty.wait_for(COPY);
    pty.wait_for("?:help");
    // Half of the work is done, and the terminal is closed.
    let mine = read(&fixture, COPY) + "// mine\n";
    fixture.write(COPY, &mine);
    pty.wait_for("printed `main: six`");
    pty.signal(Signal::SIGHUP);
    assert_eq!(pty.end().code(), Some(130));
    let mut pty = Pty::xtask(&fixture, &["learn"]);
    pty.wait_for("1/2 repair: first");
    pty.wait_for("?:help");
    assert_eq!(read(&fixture, COPY), mine);
    pty.press("s");
    pty.wait_for("2/2 predict");
    pty.wait_for("?:help");
    pty.press("b");
    pty.wait_for("1/2 repair");
    pty.wait_for("?:help");
    pty.press("l");
    pty.wait_for("> begun first, rust");
    pty.press("\r");
    pty.wait_for("1/2 repair");
    pty.wait_for("?:help");
    pty.press("x");
    pty.wait_for("1/2 repair");
    pty.press("q");
    assert_eq!(pty.end().code(), Some(0));
    assert!(!read(&fixture, COPY).contains("// mine"));
}

#[test]
fn killed_in_the_middle_it_leaves_nothing() {
    let body = "let done = true;\n\
                while !done {\n\
                std::thread::sleep(std::time::Duration::from_millis(10));\n\
                }\n\
                println!(\"main: one\");";
    // Its own time-out says that it may take long.
    let expected = "@timeout 300s\nmain: one";
    let fixture = Fixture::new().example("first", expected, body);
    let text = read(&fixture, SOURCE)
        .replace("`main()` => `main ()`", "`done = true` => `done = false`");
    fixture.write(SOURCE, &text);
    let mark = fixture.path("").display().to_string();
    for signal in [Signal::SIGKILL, Signal::SIGINT] {
        let mut pty = Pty::xtask(&fixture, &["learn", "first"]);
        eventually("the broken example", || {
            alive(&mark)
                .iter()
                .any(|line| line.trim_end().ends_with("/first__1_seen"))
        });
        match signal {
            Signal::SIGINT => pty.press("\x03"),
            signal => pty.signal(signal),
        }
        pty.end();
        eventually("nothing running", || alive(&mark).is_empty());
        eventually("the terminal as it was", || pty.is_as_it_was());
    }
    assert_eq!(read(&fixture, SOURCE), text);
}

#[test]
fn lines_answer_where_there_is_no_terminal() {
    let fixture = fixture();
    let mut child = fixture
        .xtask(&["learn"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"1\n2\n3\n4\n\nh\nd\n").expect("written");
    drop(input);
    let said: Said = child.wait_with_output().expect("it ends").into();
    said.assert(0, &["You ", "│ broken", COPY, "Hint", "0 of 2 done"]);
    assert!(!said.stdout.contains('\x1b'), "{}", said.stdout);
}
