//! The command line: reads it, dispatches, turns results into exit statuses.

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::commands::{
    bless, breakage, check, index, list, measure, new, stress,
};
use crate::output::{self, Color};
use supervise::interrupt;

const STATUSES: &str = "\
Exit status:
  0    all is well
  1    an example failed, or a generated file is out of date
  2    the command could not do its work: wrong name, nothing built, no Python
  130  stopped by Ctrl-C

Environment:
  PYTHON                 the interpreter for the siblings, in place of python3
  TMPDIR                 where the examples' working folders are made
  XTASK_NO_NAMESPACES=1  supervise by a sub-reaper, also where Linux namespaces
                         are allowed";

/// Runs every example and compares its output.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
#[command(after_help = STATUSES, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colour; `auto` also heeds NO_COLOR
    #[arg(long, global = true, value_enum, default_value_t)]
    color: When,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the examples, run them side by side, compare every line
    CheckAll(check::Options),
    /// Make each `Break it` in a copy; passes only if every check fails
    Break(breakage::Options),
    /// Run the examples many times over a portfolio of schedules
    Stress(stress::Options),
    /// Write expectations from several runs; refuses after a crash or a leak
    Bless(bless::Options),
    /// Measure what check-all costs beside bare spawning
    Measure(measure::Options),
    /// List the examples by topic, with what each shows
    List(Names),
    /// Show an example's source and its Python sibling beside each other
    Show {
        /// The example
        name: String,
    },
    /// Begin an example: the next number, both files, the manifest row
    New {
        /// The crate it goes to
        topic: String,
        /// Its name, in snake_case, unique in the workspace
        name: String,
    },
    /// Write NOTES.md and the tables of the READMEs from the headers
    Index {
        /// Write nothing; fail where a file is out of date
        #[arg(long)]
        check: bool,
    },
}

/// Which examples.
#[derive(Args, Clone, Debug, Default)]
pub struct Names {
    /// Topics or examples; all when none is named
    #[arg(value_name = "TOPIC|NAME")]
    pub names: Vec<String>,
}

impl Cli {
    /// Does what the command line asks.
    pub fn run() -> ExitCode {
        let cli = Cli::parse();
        let color = match cli.color {
            When::Auto => Color::auto(),
            When::Always => Color::new(true),
            When::Never => Color::new(false),
        };
        match cli.command.run(color) {
            Ok(Status::Well) => ExitCode::SUCCESS,
            Ok(Status::Failed) => ExitCode::from(1),
            Ok(Status::Interrupted) => ExitCode::from(interrupt::EXIT),
            Err(error) => {
                output::complain(&error);
                ExitCode::from(2)
            }
        }
    }
}

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing to complain of.
    Well,
    /// It found faults, and has told them.
    Failed,
    /// The user stopped it.
    Interrupted,
}

impl Command {
    fn run(self, color: Color) -> Result<Status, Error> {
        let workspace = Workspace::find()?;
        match self {
            Command::CheckAll(options) => {
                check::run(&workspace, &options, color)
            }
            Command::Break(options) => {
                breakage::run(&workspace, &options, color)
            }
            Command::Stress(options) => {
                stress::run(&workspace, &options, color)
            }
            Command::Bless(options) => bless::run(&workspace, &options, color),
            Command::Measure(options) => measure::run(&workspace, &options),
            Command::List(Names { names }) => {
                list::list(&workspace, &names, color)
            }
            Command::Show { name } => list::show(&workspace, &name),
            Command::New { topic, name } => new::run(&workspace, &topic, &name),
            Command::Index { check } => index::run(&workspace, check),
        }
    }
}

/// `M/N`: the Mth of N equal parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Which part, from 1.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

impl std::str::FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Partition, String> {
        let read = || {
            let (part, of) = text.split_once('/')?;
            let (part, of) = (part.parse().ok()?, of.parse().ok()?);
            (1 <= part && part <= of).then_some(Partition { part, of })
        };
        read().ok_or_else(|| {
            "write M/N, such as 2/4, with M from 1 to N".to_owned()
        })
    }
}

impl Partition {
    /// The items of this part; every item is in exactly one part.
    pub fn take<T: Copy>(self, items: &[T]) -> Vec<T> {
        let skip = self.part - 1;
        items.iter().skip(skip).step_by(self.of).copied().collect()
    }
}
