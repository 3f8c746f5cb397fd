//! Examples that share something by name (processes, segments, queues, sockets,
//! files), killed in the middle: whatever they leave, the next run does not
//! trip over it, and no process stays.

#![cfg(target_os = "linux")]

mod common;

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use common::misbehave;
use expect::Ending;
use supervise::{Isolation, Job, Outcome, Runner};
use xtask::catalogue::case::{self, Case};
use xtask::catalogue::workspace::Workspace;
use xtask::session;

const LONG: Duration = Duration::from_secs(120);
const KILLS: u32 = 10;

/// They start foreign programs, which only their parent ends: what a parent that is
/// killed leaves behind is what they are about.
const OUTLIVED: [&str; 2] = ["grandchild_holds_pipe", "subprocess_timeout"];

#[test]
fn the_next_run_does_not_trip() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a root");
    let workspace = Workspace::load(root).expect("the workspace");
    let topics = ["multiprocessing", "ipc"].map(str::to_owned);
    let mut examples = workspace.select(&topics).expect("both are there");
    examples.retain(|example| !OUTLIVED.contains(&&*example.name));
    let binary = env!("CARGO_BIN_EXE_xtask").as_ref();
    let runner = Runner::new(binary, Isolation::Namespaces).expect("a runner");
    let (cases, _) = case::build(&workspace, &runner, &examples, false)
        .expect("they are built");
    let mut failures = Vec::new();
    session::side_by_side(
        cases.len() as u64,
        session::processors(),
        |nth| killed(&cases[nth as usize], &runner),
        |_, failure| {
            failures.extend(failure);
            ControlFlow::Continue(())
        },
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Kills the example at ten moments of its life and runs it once more, all in
/// one set of namespaces. What goes wrong is told.
fn killed(case: &Case<'_>, runner: &Runner) -> Option<String> {
    let ready = case.ready.as_ref().expect("it was built");
    let run = |job: &Job| runner.run(job, LONG).expect("it runs");
    let Outcome { wall, fallback, .. } = run(&ready.job);
    if let Some(why) = fallback {
        eprintln!("{}: skipped, no namespaces: {why}", case.label());
        return None;
    }
    let program = ready.job.program.display().to_string();
    let (kills, micros) = (KILLS.to_string(), wall.as_micros().to_string());
    let arguments = vec!["kills".into(), program, kills, micros];
    let job = Job { program: misbehave(), arguments, ..Job::default() };
    let Outcome { mut observed, .. } = run(&job);
    if observed.ending == Ending::TimedOut(LONG) {
        return Some(format!("{}: a process stays", case.label()));
    }
    // Those that were killed could not remove what they had made.
    observed.leaks.clear();
    // And they took part, which the rules about speakers do not know.
    observed.cast = None;
    let report = ready.expectation.compare(&observed).err()?;
    let style = expect::Style { color: false };
    Some(format!("{}:\n{}", case.label(), report.render(&style)))
}
