//! The command line.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::commands::{
    bench, bless, breakage, check, index, learn, measure, new, record, show,
    site, stress, watch,
};
use crate::options::{Names, Status};
use crate::output::{self, Output};

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
                         are allowed
  XTASK_NO_SPEAKERS=1    do not look which thread wrote which line";

/// Runs every example and compares its output.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
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
    /// Write down the runs that the pictures are drawn from, sound and broken
    Record(record::Options),
    /// Measure what check-all costs beside bare spawning
    Measure(measure::Options),
    /// The `Break it`s as exercises: predict, see, repair
    Learn(learn::Options),
    /// On each save build, run and compare what has changed
    Watch(watch::Options),
    /// List the examples by topic, with what each shows
    List(Names),
    /// Show an example's source and its Python sibling beside each other
    Show(show::Options),
    /// Write the pages: the examples with pictures of what they print
    Site(site::Options),
    /// Measure what each way costs: Rust, Python and the limit, in turn
    Bench(bench::Options),
    /// Begin an example: the next number, both files, the manifest row
    New(new::Options),
    /// Write NOTES.md and the tables of the READMEs from the headers
    Index(index::Options),
}

impl Cli {
    /// Does what the command line asks.
    pub fn run() -> ExitCode {
        let cli = Cli::parse();
        let output = Output::new(cli.color.wanted());
        let status = match cli.command.run(&output) {
            Ok(status) => ExitCode::from(status),
            Err(Error::Interrupted) => Status::Interrupted.into(),
            Err(error) => {
                output::complain(&error);
                ExitCode::from(2)
            }
        };
        match output.fault() {
            Some(fault) => {
                output::complain(&format!("standard output: {fault}"));
                if status == ExitCode::SUCCESS { 2.into() } else { status }
            }
            None => status,
        }
    }
}

impl When {
    fn wanted(self) -> bool {
        match self {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let refused =
                    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
                let dumb =
                    std::env::var_os("TERM").is_some_and(|t| t == "dumb");
                !refused && !dumb && std::io::stdout().is_terminal()
            }
        }
    }
}

impl Command {
    fn run(self, output: &Output) -> Result<Status, Error> {
        let workspace = &Workspace::find()?;
        match self {
            Command::CheckAll(options) => options.run(workspace, output),
            Command::Break(options) => options.run(workspace, output),
            Command::Stress(options) => options.run(workspace, output),
            Command::Bless(options) => options.run(workspace, output),
            Command::Record(options) => options.run(workspace, output),
            Command::Measure(options) => options.run(workspace, output),
            Command::Learn(options) => options.run(workspace, output),
            Command::Watch(options) => options.run(workspace, output),
            Command::List(names) => names.list(workspace, output),
            Command::Show(options) => options.run(workspace, output),
            Command::Site(options) => options.run(workspace),
            Command::Bench(options) => options.run(workspace),
            Command::New(options) => options.run(workspace, output),
            Command::Index(options) => options.run(workspace, output),
        }
    }
}
