//! The commands as a user types them.

mod common;
mod fixture;

use std::fs;

use fixture::{Fixture, Said};

const WELL: &str = "println!(\"main: well\");";

fn two() -> Fixture {
    Fixture::new().example("first", "main: well", WELL).example(
        "second",
        "main: well",
        WELL,
    )
}

fn said(fixture: &Fixture, arguments: &[&str]) -> Said {
    Said::by(&mut fixture.xtask(arguments))
}

#[test]
fn check_all_counts_and_ends_with_the_counts() {
    let fixture = two();
    let all = said(&fixture, &["check-all"]);
    assert_eq!(all.assert(0, &[]).last(), "2 passed, 0 failed");
    let one = said(&fixture, &["check-all", "second", "--repeat", "3"]);
    assert_eq!(one.assert(0, &[]).last(), "3 passed, 0 failed");
    let part = said(&fixture, &["check-all", "--partition", "2/2"]);
    assert_eq!(part.assert(0, &[]).last(), "1 passed, 0 failed");
    fixture.assert_clean();
}

#[test]
fn a_wrong_name_is_told_with_the_nearest() {
    let fixture = two();
    said(&fixture, &["check-all", "secnod"])
        .assert(2, &["`secnod`", "did you mean `second`;", "xtask list"]);
    said(&fixture, &["check-all", "--partition", "3/2"])
        .assert(2, &["3/2", "M/N"]);
    said(&fixture, &["chek-all"]).assert(2, &["check-all"]);
}

#[test]
fn a_broken_header_is_told_with_its_line() {
    let fixture = two().example("odd", "@anny\nmain: well\n@end", WELL);
    let all = said(&fixture, &["check-all"]);
    all.assert(1, &["topic/odd", "03_odd.rs:7", "@anny", "`@any`"]);
    assert_eq!(all.last(), "2 passed, 1 failed");
}

#[test]
fn what_does_not_compile_fails_alone() {
    let fixture = two().example("odd", "main: well", "let x: u8 = \"\";");
    let all = said(&fixture, &["check-all"]);
    let command = "`cargo build -p topic --example odd`";
    all.assert(1, &["topic/odd: does not compile", command]);
    assert_eq!(all.last(), "2 passed, 1 failed");
}

#[test]
fn junit_has_every_case() {
    let fixture = two().example("odd", "main: right", WELL);
    said(&fixture, &["check-all", "--junit", "report.xml"]).assert(1, &[]);
    let report = fs::read_to_string(fixture.path("report.xml"));
    let report = report.expect("a report");
    for part in ["tests=\"3\"", "failures=\"1\"", "topic/odd", "main: right"] {
        assert!(report.contains(part), "no {part} in {report}");
    }
}

#[test]
fn list_and_show_look_around() {
    let fixture = two();
    said(&fixture, &["list"]).assert(0, &["topic", "01 first   first: a"]);
    said(&fixture, &["show", "first"])
        .assert(0, &["01_first.rs", "│ Python: none, it is a fixture."]);
    said(&fixture, &["show", "topic"]).assert(2, &["is a topic"]);
}

#[test]
fn new_makes_an_example_that_fails_until_it_is_written() {
    let fixture = two();
    said(&fixture, &["new", "topic", "third"])
        .assert(0, &["topic/examples/03_third.rs", "check-all --python third"]);
    said(&fixture, &["check-all", "third"]).assert(
        1,
        &[
            "03_third.rs:1: the title",
            "03_third.rs:3: the `Python:` line",
            ":6:",
        ],
    );
    said(&fixture, &["break", "third"])
        .assert(1, &["03_third.rs:1: the title"]);
    let path = "topic/examples/03_third.rs";
    let text = fs::read_to_string(fixture.path(path)).expect("there");
    let text = text
        .replace("the point in a few words", "what it shows")
        .replace("`module.counterpart`", "`print`")
        .replace("What it is for, and when to reach for it.", "To say a line.");
    fixture.write(path, &text);
    said(&fixture, &["check-all", "--python"])
        .assert(0, &["4 passed, 0 failed"]);
    said(&fixture, &["break", "third"]).assert(0, &["1 passed, 0 failed"]);
    said(&fixture, &["new", "topic", "third"]).assert(2, &["taken by"]);
    said(&fixture, &["new", "topic", "Third"]).assert(2, &["snake_case"]);
    said(&fixture, &["new", "topic", "topic"]).assert(2, &["is a topic"]);
    said(&fixture, &["new", "nowhere", "fourth"]).assert(2, &["no topic"]);
}

#[test]
fn new_makes_all_or_nothing() {
    let fixture = two();
    fixture.write("topic/examples/03_third.py", "# mine\n");
    said(&fixture, &["new", "topic", "third"]).assert(2, &["03_third.py"]);
    assert!(!fixture.path("topic/examples/03_third.rs").exists());
    let mine = fs::read_to_string(fixture.path("topic/examples/03_third.py"));
    assert_eq!(mine.expect("there"), "# mine\n");
    fixture.write("topic/examples/03_third.py", "");
    said(&fixture, &["list"]).assert(0, &["02 second"]);
}

#[test]
fn a_sabotaged_sibling_must_fail_and_be_python() {
    let print = "def main():\n    print(\"main: well\")\nmain()\n";
    let fixture = Fixture::new().example("first", "main: well", WELL);
    let path = "topic/examples/01_first.rs";
    let text = fs::read_to_string(fixture.path(path)).expect("there");
    let text = text
        .replace("Python: none, it is a fixture", "Python: `01_first.py`")
        .replace("`main()` => `main ()`", "`well` => `ill`");
    fixture.write("topic/examples/01_first.py", print);
    let broken = |line: &str| {
        let line = format!("//! Break it (Python): {line}\n\nfn main");
        fixture.write(path, &text.replace("\nfn main", &line));
        said(&fixture, &["break", "--python"])
    };
    broken("`well` => `ill`").assert(0, &["2 passed, 0 failed"]);
    broken("`def` => `def `").assert(1, &["the check still passes"]);
    broken("`def` => ``").assert(1, &["does not compile", "unexpected indent"]);
    broken("`deaf` => ``").assert(1, &["stands 0 times in the python code"]);
    said(&fixture, &["break"]).assert(0, &["1 passed, 0 failed"]);
}

#[test]
fn wrong_numbers_are_errors_of_use() {
    let fixture = Fixture::new();
    for minutes in ["-1", "0", "nan", "inf", "1e30"] {
        let all = said(&fixture, &["stress", "--minutes", minutes]);
        all.assert(2, &["--minutes"]);
    }
    let seed = u64::MAX.to_string();
    said(&fixture, &["stress", "--seed", &seed]).assert(2, &["--seed"]);
    said(&fixture, &["check-all", "--repeat", "0"]).assert(2, &["--repeat"]);
}

#[test]
fn bless_keeps_the_ends_of_lines() {
    let fixture = Fixture::new().example("first", "main: odd", WELL);
    let path = "topic/examples/01_first.rs";
    let text = fs::read_to_string(fixture.path(path)).expect("there");
    fixture.write(path, &text.replace('\n', "\r\n"));
    said(&fixture, &["bless"]).assert(0, &["1 written"]);
    let text = fs::read_to_string(fixture.path(path)).expect("there");
    assert!(text.contains("//! main: well\r\n"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    said(&fixture, &["check-all"]).assert(0, &["1 passed"]);
}

#[test]
fn a_source_in_another_encoding_is_named() {
    let fixture = two();
    let path = fixture.path("topic/examples/01_first.rs");
    let text = fs::read(&path).expect("there");
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(&text);
    fs::write(&path, marked).expect("written");
    said(&fixture, &["list"]).assert(2, &["01_first.rs", "byte order mark"]);
    let latin = [&text[..], b"// \xe4\n"].concat();
    fs::write(&path, latin).expect("written");
    said(&fixture, &["list"]).assert(2, &["01_first.rs", "UTF-8"]);
}

#[test]
fn break_names_a_sabotage_that_changes_nothing() {
    let fixture = Fixture::new().example("first", "main: well", WELL);
    // The fixture's own sabotage is none.
    said(&fixture, &["break"]).assert(1, &["the check still passes"]);
    let path = "topic/examples/01_first.rs";
    let text = fs::read_to_string(fixture.path(path)).expect("there");
    fixture.write(path, &text.replace("`main ()`", "`main(`"));
    said(&fixture, &["break"]).assert(1, &["does not compile"]);
    fixture.write(path, &text.replace("`main()`", "`man()`"));
    said(&fixture, &["break"]).assert(1, &["`man()` stands 0 times"]);
}

#[test]
fn bless_writes_what_is_printed_and_keeps_what_matches() {
    let body = "let now = std::time::UNIX_EPOCH.elapsed().unwrap();\
                println!(\"main: {} ms\", now.as_nanos());\
                println!(\"main: well\");";
    let fixture =
        Fixture::new().example("first", "main: odd\nmain: {:text}l", body);
    said(&fixture, &["bless", "--dry-run"]).assert(0, &["1 proposed"]);
    said(&fixture, &["check-all"]).assert(1, &[]);
    said(&fixture, &["bless"]).assert(0, &["main: {:int} ms", "1 written"]);
    let text = fs::read_to_string(fixture.path("topic/examples/01_first.rs"));
    assert!(text.expect("there").contains("//! main: {:text}l\n"));
    said(&fixture, &["check-all"]).assert(0, &["1 passed"]);
    said(&fixture, &["bless"]).assert(0, &["1 unchanged, 0 written"]);
    let ci = Said::by(fixture.xtask(&["bless"]).env("CI", "true"));
    ci.assert(2, &["does not run under CI"]);
}

#[test]
fn bless_refuses_what_is_not_sound() {
    let fixture = Fixture::new()
        .example("crash", "main: odd", "std::process::exit(3)")
        .example("leak", "main: odd", "std::fs::write(\"x\", \"\").unwrap()")
        .example("hang", "main: odd\n@timeout 1s", "loop {}");
    said(&fixture, &["bless"]).assert(
        1,
        &["ended with exit 3", "leaks: file x", "still running", "3 refused"],
    );
}

#[test]
fn index_writes_and_then_agrees() {
    let marks = "<!-- index: generated by `cargo xtask index` -->\n\
                 <!-- index: end -->\n";
    let fixture = two();
    fixture.write("README.md", marks);
    said(&fixture, &["index"]).assert(2, &["topic/README.md"]);
    fixture.write("topic/README.md", marks);
    said(&fixture, &["index", "--check"]).assert(1, &["cargo xtask index"]);
    said(&fixture, &["index"]).assert(0, &["wrote"]);
    said(&fixture, &["index", "--check"]).assert(0, &[]);
    let table = fs::read_to_string(fixture.path("topic/README.md"));
    assert!(table.expect("there").contains("[first](examples/01_first.rs)"));
}

#[test]
fn stress_finds_what_goes_wrong_now_and_then() {
    let sometimes = "let n = std::process::id() % 2;\
                     println!(\"main: {n}\");";
    let fixture = Fixture::new().example("odd", "main: 1", sometimes);
    // In a pid namespace every run has the same pid.
    let mut command = fixture.xtask(&["stress", "--runs", "60"]);
    let stress = Said::by(command.env("XTASK_NO_NAMESPACES", "1"));
    stress.assert(1, &["failed topic/odd:", "of 60 runs", "seed"]);
    assert_eq!(stress.last(), "0 passed, 1 failed");
    fixture.assert_clean();
}

#[test]
fn measure_tells_the_ratio_and_names_what_fails() {
    let fixture = two();
    said(&fixture, &["measure", "--rounds", "2", "--repeat", "2"]).assert(
        0,
        &["4 runs", "medians of 2 rounds", "ratio of the walls", "ms CPU more"],
    );
    said(&fixture, &["measure", "--sleep", "3", "--rounds", "1"])
        .assert(0, &["3 runs", "ratio of the walls", "ms CPU more"]);
    let fixture = fixture.example("odd", "main: right", WELL);
    said(&fixture, &["measure", "--rounds", "1"])
        .assert(2, &["topic/odd", "only what passes is measured"]);
    fixture.assert_clean();
}

#[test]
fn what_was_seen_less_well_is_told_with_a_failure_too() {
    let fixture = Fixture::new()
        .example("odd", "@threads\nmain: right", WELL)
        .example("well", "@threads\nmain: well", WELL);
    let mut command = fixture.xtask(&["check-all"]);
    let unseen = Said::by(command.env("XTASK_NO_SPEAKERS", "1"));
    unseen.assert(1, &["who wrote which line was not seen", "main: right"]);
    assert_eq!(unseen.last(), "1 passed, 1 failed");
    let all = said(&fixture, &["check-all"]);
    all.assert(1, &["main: right"]);
    assert!(!all.stdout.contains("was not seen"), "{}", all.stdout);
}

#[test]
fn record_writes_what_the_check_accepts() {
    let fixture = two();
    said(&fixture, &["record", "--check"])
        .assert(1, &["first.txt: is missing", "cargo xtask record first"]);
    // The fixture's own sabotage is none.
    said(&fixture, &["record"])
        .assert(1, &["2 written, 2 refused", "the check does not see it"]);
    let path = "topic/recordings/first.txt";
    let text = fs::read_to_string(fixture.path(path)).expect("there");
    assert!(text.contains("main | main: well\n"), "{text}");
    let source = "topic/examples/01_first.rs";
    let rust = fs::read_to_string(fixture.path(source)).expect("there");
    fixture.write(
        source,
        &rust.replace("`main()` => `main ()`", "`well` => `ill`"),
    );
    said(&fixture, &["record", "first"]).assert(0, &["1 written, 0 refused"]);
    said(&fixture, &["record", "--check", "first"]).assert(0, &["0 stale"]);
    fixture.write(path, &text.replace("main: well", "main: ill"));
    said(&fixture, &["record", "--check", "first"]).assert(1, &["first.txt: "]);
    let ci = Said::by(fixture.xtask(&["record"]).env("CI", "true"));
    ci.assert(2, &["does not run under CI"]);
    fixture.write("topic/recordings/gone.txt", "= exit 0\n");
    said(&fixture, &["record", "--check"])
        .assert(1, &["gone.txt: of no example"]);
}

#[test]
fn show_tells_who_wrote_each_line() {
    let body =
        "std::thread::spawn(|| println!(\"main: well\")).join().unwrap();";
    let fixture = Fixture::new().example("odd", "main: well", body);
    said(&fixture, &["show", "odd", "--run"]).assert(
        0,
        &["main      begins", "thread 1  │ main: well", "ended with exit 0"],
    );
}
