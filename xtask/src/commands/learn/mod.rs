//! `learn`: the sabotages as exercises. Predict what breaking an example does, see
//! it, repair a copy.

mod beside;
mod diff;
mod exercise;
mod fate;
mod lesson;
mod list;
mod progress;
mod repair;
mod silence;
mod workshop;

use clap::Args;
use supervise::Runner;

use crate::Error;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::Workspace;
use crate::console::Console;
use crate::options::{Names, Status};
use crate::output::Output;
use exercise::Exercise;
use lesson::{Lesson, Move};
use progress::{Progress, Stage};
use workshop::Workshop;

/// What `learn` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// List the exercises, with what is done
    #[arg(long)]
    list: bool,
    /// Forget what was done, of all or of those named
    #[arg(long, conflicts_with = "list")]
    reset: bool,
}

impl Options {
    /// Runs `learn`, until the user stops it.
    ///
    /// # Errors
    /// When a name is wrong, or the copy cannot be made.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let examples = workspace.select(&self.names.names)?;
        let python = Python::find();
        let exercises = Exercise::all(&examples, python.is_ok())?;
        let mut progress = Progress::load(workspace)?;
        if let Err(why) = &python {
            output.print(format!("without the siblings' exercises: {why}\n"));
        }
        if exercises.is_empty() {
            let why = "no exercise here; `cargo xtask learn --list` shows all";
            return Err(Error::Usage(why.into()));
        }
        if self.list {
            output.print(list::page(&exercises, &progress, None, output));
            return Ok(Status::Well);
        }
        if self.reset {
            let keys: Vec<String> =
                exercises.iter().map(Exercise::key).collect();
            progress.forget(keys.iter().map(|key| &**key))?;
            output.print(format!("{} begin anew\n", keys.len()));
            return Ok(Status::Well);
        }
        let runner = Runner::of_this_binary()?;
        let color = output.color();
        let shop = Workshop::open(workspace, &runner, python.ok(), color)?;
        let console = Console::open(output, &runner);
        let mut course = Course { shop: &shop, console, exercises, progress };
        let end = course.go_on();
        let Course { console, exercises, progress, .. } = course;
        let quit = console.quit();
        drop(console);
        let status = match end {
            Err(Error::Interrupted) => Status::Interrupted,
            end => end?,
        };
        let done = list::done(&exercises, &progress);
        let names = self.names.names.join(" ");
        let again = format!("cargo xtask learn {names}");
        output.print(format!(
            "{done} of {} done; go on with `{}`\n",
            exercises.len(),
            again.trim_end()
        ));
        Ok(if quit { Status::Well } else { status })
    }
}

/// The exercises, one after the other.
struct Course<'c> {
    shop: &'c Workshop<'c>,
    console: Console<'c>,
    exercises: Vec<Exercise<'c>>,
    progress: Progress,
}

impl Course<'_> {
    fn go_on(&mut self) -> Result<Status, Error> {
        let mut at = self.first();
        loop {
            let mut lesson = Lesson::new(
                self.shop,
                &self.console,
                &self.exercises,
                at,
                &mut self.progress,
            )?;
            match lesson.go_on()? {
                Move::Next => at = self.next(at),
                Move::Back => at = at.checked_sub(1).unwrap_or(at),
                Move::Leave(status) => return Ok(status),
            }
        }
    }

    /// Where the reader was, else the first that is not done.
    fn first(&self) -> usize {
        let was = self.progress.at();
        let was = was.and_then(|was| {
            self.exercises.iter().position(|exercise| exercise.key() == was)
        });
        match was {
            Some(was) if self.is_open(was) => was,
            _ => self.next(self.exercises.len() - 1),
        }
    }

    /// The next that is not done, round and round; the next if all are.
    fn next(&self, at: usize) -> usize {
        let count = self.exercises.len();
        let mut after = (1..=count).map(|step| (at + step) % count);
        let open = after.clone().find(|nth| self.is_open(*nth));
        open.or_else(|| after.next()).unwrap_or(at)
    }

    fn is_open(&self, nth: usize) -> bool {
        self.progress.stage(&self.exercises[nth].key()) != Stage::Done
    }
}
