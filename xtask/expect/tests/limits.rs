//! Large expectations: how fast they are matched, and where the search gives
//! up instead of guessing.

mod support;

use std::fs;
use std::time::Duration;

use expect::{Expectation, FaultKind, Matched, Report, Style};
use support::{printed, source};

/// How much processor time a measured step may take in a debug build. Each
/// takes less than a second or two; how long that lasts says nothing, for
/// others may want the processor.
const LIMIT: Duration = Duration::from_secs(10);

/// The processor time of this thread, where the system tells it.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat");
    let stat = stat.unwrap_or_default();
    let first = stat.split_whitespace().next();
    let nanos = first.and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// Does it, and says how much processor time it took.
fn measured<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let start = processor_time();
    let done = act();
    let took = processor_time().saturating_sub(start);
    println!("{what}: {took:?}");
    assert!(took < LIMIT, "{what}: {took:?}");
    done
}

fn parse(lines: impl IntoIterator<Item = String>) -> Expectation {
    Expectation::parse(&source(lines)).expect("it parses")
}

fn compare(
    what: &str,
    expectation: &Expectation,
    lines: &[String],
) -> Result<Matched, Report> {
    let observed = printed(lines);
    measured(what, || expectation.compare(&observed))
}

fn matches(what: &str, expectation: &Expectation, lines: &[String]) {
    if let Err(report) = compare(what, expectation, lines) {
        panic!("{what}: {}", report.headline());
    }
}

fn fails(what: &str, expectation: &Expectation, lines: &[String]) -> Report {
    compare(what, expectation, lines).expect_err("it fails")
}

fn kinds(report: &Report) -> Vec<FaultKind> {
    report.faults.iter().map(|fault| fault.kind).collect()
}

/// The same order on every run, and no order a reader would think of.
fn shuffle(lines: &mut [String]) {
    let mut state: u64 = 0x2545_F491_4F6C_DD1D;
    for at in (1..lines.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = state % (at as u64 + 1);
        lines.swap(at, usize::try_from(other).expect("it is small"));
    }
}

fn block(kind: &str, lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all = vec![kind.to_string()];
    all.extend(lines);
    all.push("@end".to_string());
    all
}

#[test]
fn a_hundred_lanes_of_a_thousand_lines() {
    let step = |n: usize| format!("worker {}: step {}", n / 1000, n % 1000);
    let expectation = measured("100,000 lines, parsed", || {
        parse(block("@lanes", (0..100_000).map(step)))
    });
    // Each worker in turn makes its next step.
    let turn = |n: usize| step(n % 100 * 1000 + n / 100);
    let mut lines: Vec<String> = (0..100_000).map(turn).collect();
    matches("lanes, matched", &expectation, &lines);

    lines.swap(50_000, 50_100);
    lines.remove(20_000);
    let report = fails("lanes, two faults", &expectation, &lines);
    assert_eq!(kinds(&report), [FaultKind::Missing, FaultKind::OutOfOrder]);
    assert!(report.render(&Style::default()).lines().count() < 200);
}

#[test]
fn a_thousand_loose_lines_in_any_order() {
    let pattern = |n: usize| match n % 5 {
        0 => "{:text}".to_string(),
        1 => "{:word} {:text}".to_string(),
        2 => "worker {:int}: {:text}".to_string(),
        3 => format!("worker {{:int ..{n}}}: step {{:int {n}..}} of {{:int}}"),
        _ => format!("{{:text}}: {{:text}} of {n}"),
    };
    let line = |n: usize| format!("worker {n}: step {n} of {n}");
    let expectation = parse(block("@any", (0..1000).map(pattern)));
    let mut lines: Vec<String> = (0..1000).map(line).collect();
    shuffle(&mut lines);
    matches("any, matched", &expectation, &lines);

    lines[500] = "nobody".to_string();
    matches("any, loose line", &expectation, &lines);
    lines[500] = String::new();
    let report = fails("any, one fault", &expectation, &lines);
    assert_eq!(report.faults.len(), 2, "{:?}", report.faults);
}

#[test]
fn hundreds_of_lines_that_have_to_move_over() {
    // Pattern n takes lines up to n, so there is one assignment.
    let pattern = |n: usize| format!("{{:int ..{n}}}");
    let expectation = parse(block("@any", (0..400).rev().map(pattern)));
    let mut lines: Vec<String> = (0..400).map(|n| n.to_string()).collect();
    matches("any, in order", &expectation, &lines);
    shuffle(&mut lines);
    matches("any, shuffled", &expectation, &lines);
    lines[0] = "1000".to_string();
    fails("any, too large", &expectation, &lines);
}

#[test]
fn a_hundred_thousand_lines_in_any_order() {
    let line = |n: usize| format!("worker {}: step {n}", n % 10);
    let expectation = parse(block("@any", (0..100_000).map(line)));
    let mut lines: Vec<String> = (0..100_000).map(line).collect();
    shuffle(&mut lines);
    matches("any, literal", &expectation, &lines);

    // With a rule between two of them.
    let label = |n: usize| match n {
        100 => "  #a",
        200 => "  #b",
        _ => "",
    };
    let labelled = |n: usize| format!("{}{}", line(n), label(n));
    let mut source = block("@any", (0..50_000).map(labelled));
    source.push("@before a b".to_string());
    let expectation = parse(source);
    let mut lines: Vec<String> = (0..50_000).map(line).collect();
    matches("any, with a rule", &expectation, &lines);
    lines.swap(100, 200);
    let report = fails("any, rule broken", &expectation, &lines);
    assert_eq!(kinds(&report), [FaultKind::BeforeBroken]);
}

#[test]
fn long_output_is_compared_in_bounded_time() {
    let line = |n: usize| format!("main: line {n}");
    let expectation = parse((0..20_000).map(line));
    let mut lines: Vec<String> = (0..20_000).map(line).collect();
    lines.remove(15_000);
    lines.insert(5_000, "main: what is this".to_string());
    lines.remove(10);
    let report = fails("exact, three faults", &expectation, &lines);
    let missing = FaultKind::Missing;
    assert_eq!(kinds(&report), [missing, FaultKind::Extra, missing]);

    // Nothing of it is expected.
    let expectation = parse((0..10).map(line));
    let lines = vec!["y".to_string(); 200_000];
    let report = fails("flood", &expectation, &lines);
    assert!(report.faults.len() < 2000);
    assert!(report.render(&Style::default()).len() < 20_000);

    let lines = vec![format!("main: line {}", "x".repeat(4_000_000))];
    let report = fails("long line", &expectation, &lines);
    assert!(report.render(&Style::default()).len() < 20_000);

    let expectation = parse(["{:text} {:word} {:text} {:int}".to_string()]);
    let lines = vec!["x x 12 ".repeat(50_000)];
    let report = fails("many cuts", &expectation, &lines);
    assert!(report.render(&Style::default()).len() < 20_000);
}

/// Like workers, any of which may be any: each says a word of its own when it
/// comes and when it goes.
fn workers(count: usize) -> (Expectation, Vec<String>) {
    let say = |what: &'static str| {
        (0..count).map(move |n| format!("{{w{n}:pid}} {{t{n}:word}}: {what}"))
    };
    let mut source = block("@any", say("in"));
    source.extend(block("@any", say("out")));
    let come = (0..count).map(|n| format!("{} t{n}: in", n + 1));
    let go = (0..count).rev().map(|n| format!("{} t{n}: out", n + 1));
    (parse(source), come.chain(go).collect())
}

#[test]
fn a_few_like_workers_are_told_apart() {
    let (expectation, mut lines) = workers(5);
    matches("workers, matched", &expectation, &lines);
    let clash = |lines: &[String]| {
        let report = fails("workers, clash", &expectation, lines);
        let clash = |kind: FaultKind| kind == FaultKind::NameClash;
        assert!(kinds(&report).into_iter().all(clash), "{:?}", report.faults);
        assert!(report.faults.len() <= 2, "{:?}", report.faults);
    };
    // A word that was never seen before.
    let known = std::mem::replace(&mut lines[7], "3 t99: out".to_string());
    clash(&lines);
    lines[7] = known;
    // Two workers that exchange their words.
    lines[7] = lines[7].replace(" t2:", " t1:");
    lines[8] = lines[8].replace(" t1:", " t2:");
    clash(&lines);
}

#[test]
fn twenty_like_workers_are_matched_or_too_hard() {
    let (expectation, mut lines) = workers(20);
    matches("twenty workers, matched", &expectation, &lines);
    lines[30] = "7 t99: out".to_string();
    let report = fails("twenty workers, clash", &expectation, &lines);
    assert_eq!(kinds(&report), [FaultKind::TooHard]);
}

/// An edge list printed in any order asks for an isomorphism of graphs.
fn edges(neighbours: impl Fn(usize) -> Vec<usize>) -> Vec<(usize, usize)> {
    let from = |a: usize| neighbours(a).into_iter().map(move |b| (a, b));
    (0..16).flat_map(from).collect()
}

#[test]
fn too_hard_is_said_and_not_guessed() {
    // Two graphs of sixteen nodes which are hard to tell apart: the rook's
    // and Shrikhande's.
    let cell = |x: usize, y: usize| x % 4 * 4 + y % 4;
    let rook = edges(|a| {
        let (x, y) = (a / 4, a % 4);
        let (row, column) = ((1..4).map(|d| cell(x, y + d)), 1..4);
        row.chain(column.map(|d| cell(x + d, y))).collect()
    });
    let shrikhande = edges(|a| {
        let (x, y) = (a / 4, a % 4);
        let steps = [(1, 0), (3, 0), (0, 1), (0, 3), (1, 1), (3, 3)];
        steps.map(|(dx, dy)| cell(x + dx, y + dy)).to_vec()
    });
    let pattern =
        |(a, b): &(usize, usize)| format!("{{n{a}:pid}} sees {{n{b}:pid}}");
    let expectation = parse(block("@any", rook.iter().map(pattern)));
    let line = |(a, b): &(usize, usize)| format!("{} sees {}", a + 1, b + 1);
    let other: Vec<String> = shrikhande.iter().map(line).collect();
    let report = fails("graphs", &expectation, &other);
    assert_eq!(kinds(&report), [FaultKind::TooHard]);
    assert_eq!(report.faults[0].source_line, Some(1));
}

#[test]
fn too_many_ways_to_cut_a_line() {
    let source = ["{a:text} {b:text} {c:text}", "{c:text}"];
    let expectation = parse(source.map(str::to_string));
    let lines = ["x ".repeat(300), "y".to_string()];
    let report = fails("cuts", &expectation, &lines);
    assert_eq!(kinds(&report), [FaultKind::TooHard]);
    let message = &report.faults[0].message;
    assert!(!message.contains("@any"), "there is none: {message}");
}

#[test]
fn thousands_of_rules_in_a_chain() {
    let line = |n: usize| format!("main: {n}  #r{n}");
    let rule = |n: usize| format!("@before r{n} r{}", n + 1);
    let lines = (0..2001).map(line).chain((0..2000).map(rule));
    let lines: Vec<String> = lines.collect();
    let expectation = measured("2,000 rules, read", || parse(lines.clone()));
    let mut output: Vec<String> =
        (0..2001).map(|n| format!("main: {n}")).collect();
    matches("2,000 rules, matched", &expectation, &output);
    output.swap(1000, 1001);
    fails("2,000 rules, out of order", &expectation, &output);

    let mut circle = lines;
    circle.push("@before r2000 r1000".to_string());
    let errors = measured("2,000 rules, in a circle", || {
        Expectation::parse(&source(circle)).expect_err("it is refused")
    });
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.starts_with("`@before r1000 r1001`"));
}
