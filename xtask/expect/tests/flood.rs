//! Output without end: told in time, and in little memory.

mod support;

use std::fs;
use std::time::Duration;

use expect::{Expectation, FaultKind, Style};
use support::{printed, source};

/// How much memory this process has had at most, where the system tells it.
fn most_memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|l| l.trim().split(' ').next()?.parse().ok());
    kilobytes.unwrap_or(0)
}

/// The processor time of this thread, where the system tells it.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat");
    let stat = stat.unwrap_or_default();
    let first = stat.split_whitespace().next();
    let nanos = first.and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

#[test]
fn a_million_lines_too_much() {
    let text = ["main: go", "@lanes", "a: x", "b: x", "@end", "main: y"];
    let expectation = Expectation::parse(&source(text)).expect("it parses");
    let observed = printed((0..1_000_000).map(|_| "y"));
    let (memory, time) = (most_memory(), processor_time());
    let report = expectation.compare(&observed).expect_err("it fails");
    let text = report.render(&Style::default());
    let memory = most_memory() - memory;
    let time = processor_time() - time;
    println!("{memory} kB, {time:?}");
    assert!(memory < 60_000, "{memory} kB");
    assert!(time < Duration::from_secs(5), "{time:?}");
    assert!(text.len() < 20_000);
    let kinds: Vec<FaultKind> = report.faults.iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&FaultKind::Extra), "{kinds:?}");
    let last = report.faults.last().expect("there are some");
    assert_eq!(last.message, "949996 more lines printed, and not looked at");
}
