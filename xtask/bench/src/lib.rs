//! `cargo xtask bench`: what each way of doing two things at once costs.
//!
//! Workers in Rust and Python stand side by side in `workers/`. Each lives for the
//! whole of a row and answers a number of operations with the time they took. The
//! harness asks them in turn, in slices of about two milliseconds, and compares each
//! slice with the one of the limit right beside it. It is about Linux alone: its
//! limits are the kernel's own calls.
#![cfg(target_os = "linux")]

mod beyond;
mod compare;
mod harness;
mod memory;
mod page;
mod process;
mod progress;
mod results;
mod rows;
mod statistics;
#[path = "../workers/mod.rs"]
mod workers;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use harness::{Effort, Ending};

/// Measures Rust, Python and the limit in turn; draws BENCHMARKS.md
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
#[command(args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    worker: Option<Worker>,
    /// Only these rows
    #[arg(value_name = "ROW")]
    rows: Vec<String>,
    /// A minute or two; shows the figures and writes nothing (the default)
    #[arg(long, conflicts_with_all = ["full", "check"])]
    quick: bool,
    /// Up to 200 pairs a form, in five fresh processes; writes results.json and
    /// the pages
    #[arg(long, conflicts_with = "check")]
    full: bool,
    /// Every row for a moment: all do the same work, the sure directions hold
    #[arg(long)]
    check: bool,
    /// With --full: write a row too whose control is not 1.00 ± 0.03, and say so
    #[arg(long, requires = "full")]
    noisy: bool,
    /// Draw BENCHMARKS.md and the costs in BEYOND.md from results.json; measure nothing
    #[arg(long, conflicts_with_all = ["quick", "full", "check"])]
    draw: bool,
    /// List the forms whose ratios differ between two runs, worst first; NEW is
    /// results.json if it is not given
    #[arg(long, num_args = 1..=2, value_names = ["OLD", "NEW"])]
    #[arg(conflicts_with_all = ["quick", "full", "check", "draw", "rows"])]
    compare: Vec<PathBuf>,
    /// With --compare: by more than so many percent
    #[arg(long, value_name = "PERCENT", default_value_t = 10.0)]
    within: f64,
    /// List the rows
    #[arg(long)]
    list: bool,
}

/// The other end: what the harness starts.
#[derive(Debug, Subcommand)]
enum Worker {
    /// Answer numbers on standard input
    #[command(hide = true)]
    Worker {
        name: String,
        #[arg(long)]
        pin: bool,
    },
    /// Be the other process of a round trip
    #[command(hide = true)]
    Peer { name: String, argument: Option<String> },
}

/// The command, and what it starts of itself.
pub fn main() -> ExitCode {
    // What `start.command` starts: nothing but a program that ends.
    if let [_, exit, status] = &std::env::args().collect::<Vec<_>>()[..]
        && exit == "exit"
        && let Ok(status) = status.parse::<u8>()
    {
        return ExitCode::from(status);
    }
    let options = Options::parse();
    let outcome = match &options.worker {
        Some(Worker::Worker { name, pin }) => workers::serve(name, *pin),
        Some(Worker::Peer { name, argument }) => {
            workers::peer(name, argument.as_deref())
        }
        None => bench(&options),
    };
    match outcome {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Anything that ends the run.
type Error = Box<dyn std::error::Error + Send + Sync>;

fn bench(options: &Options) -> Result<ExitCode, Error> {
    if options.list {
        for row in rows::ROWS {
            println!("{:14} {}", row.name, row.title);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if options.draw {
        page::draw(&results::Results::read()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let [old, rest @ ..] = &options.compare[..] {
        let own = results::Results::path();
        let (old, new) = (
            results::Results::of(old)?,
            results::Results::of(rest.first().unwrap_or(&own))?,
        );
        let found = compare::compare(&old, &new, options.within);
        print!("{}", found.text);
        return Ok(ExitCode::from(u8::from(found.differ > 0)));
    }
    let rows = rows::named(&options.rows)?;
    let effort = match (options.full, options.check) {
        (true, _) => Effort::Full,
        (_, true) => Effort::Check,
        _ => Effort::Quick,
    };
    let run = harness::run(&rows, effort, options.noisy)?;
    if effort == Effort::Full && !run.written.is_empty() {
        println!("written: {}", run.written.join(", "));
    }
    for fault in &run.faults {
        println!("{fault}");
    }
    Ok(match run.ending {
        Ending::Interrupted => ExitCode::from(130),
        Ending::Complete if run.faults.is_empty() => ExitCode::SUCCESS,
        Ending::Complete => ExitCode::from(1),
    })
}
