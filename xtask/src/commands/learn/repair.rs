//! The third part: the reader mends a broken copy, and each save is judged.

use super::diff::{self, Change};
use super::lesson::{Lesson, Step, of_change, paint, said};
use super::progress::Stage;
use crate::Error;
use crate::console::{Answer, Saves, Way};
use crate::files;
use crate::results::Verdict;

/// What the reader has been shown of the answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Help {
    None,
    Hint,
    Difference,
}

impl Lesson<'_, '_> {
    /// Waits for saves until the check passes.
    ///
    /// # Errors
    /// When something cannot be run or written, or the user stops it.
    pub(super) fn repair(&mut self) -> Result<Step, Error> {
        let hangs = self.is_impatient();
        let mut saves = self.saves()?;
        let (mut help, mut verdict) = (Help::None, String::new());
        loop {
            let keys = match help {
                Help::None => "h:hint",
                Help::Hint | Help::Difference => "d:diff",
            };
            let keys = format!(
                "{keys}  r:run  x:anew  s:skip  b:back  l:list  q:quit  ?:help"
            );
            let page = |_| self.workplace(&verdict, help);
            let answer = self.console.ask(&page, &keys);
            let runs = match answer {
                Answer::Saved(paths) => paths.contains(&self.bench.path),
                Answer::Key('r') => true,
                Answer::Key('h') => {
                    help = help.max(Help::Hint);
                    continue;
                }
                Answer::Key('d') if help >= Help::Hint => {
                    help = Help::Difference;
                    continue;
                }
                Answer::Key('x') => {
                    drop(saves);
                    files::replace(&self.bench.path, &self.exercise.broken)?;
                    saves = self.saves()?;
                    (help, verdict) = (Help::None, String::new());
                    continue;
                }
                other => {
                    if let Some(step) = self.common(other)? {
                        return Ok(step);
                    }
                    continue;
                }
            };
            if runs {
                match self.judge(hangs)? {
                    None => return self.set(Stage::Done),
                    // The verdict is to be seen, the difference again on request.
                    Some(said) => {
                        verdict = said;
                        help = help.min(Help::Hint);
                    }
                }
            }
        }
    }

    /// Tells of saves of the copy; by looking, where the system does not tell.
    fn saves(&self) -> Result<Saves, Error> {
        let watch = |way| {
            let folder = self.bench.path.parent().map(ToOwned::to_owned);
            Saves::watch(folder, way, self.console.sender())
        };
        watch(Way::Told).or_else(|_| watch(Way::Polled))
    }

    /// Builds, runs and compares the copy; none if the check passes.
    fn judge(&self, hangs: bool) -> Result<Option<String>, Error> {
        let (shop, bench) = (self.shop, &self.bench);
        let run = self
            .console
            .busy("building …", || shop.run(&bench.mine, hangs))?;
        let output = self.console.output;
        Ok(match run.checked.verdict {
            Verdict::Passed(_) => None,
            Verdict::Failed(failure) => {
                Some(said(&failure, run.diagnostics.as_deref(), output))
            }
            Verdict::Skipped(why) => Some(format!("it cannot run here: {why}")),
            Verdict::Interrupted => return Err(Error::Interrupted),
        })
    }

    fn workplace(&self, verdict: &str, help: Help) -> String {
        let output = self.console.output;
        let mut page = self.head("repair");
        let path = self.shop.workspace.relative(&self.bench.path);
        page += "This copy is broken. Mend it in your editor, and save:\n\n";
        page += &format!("  {}\n\n", output.bold(path));
        if help > Help::None {
            page += &self.help(help);
        }
        page + verdict
    }

    /// Where the copy is not as the example, or how.
    fn help(&self, help: Help) -> String {
        let Ok(mine) = files::read(&self.bench.path) else {
            return "The copy is gone; x makes it anew.\n\n".into();
        };
        let sound = &self.exercise.sound;
        let all = diff::lines(&mine, sound);
        let first = all.iter().find(|line| line.change != Change::Same);
        let Some(first) = first else {
            return "The copy is as the example itself; r runs it.\n\n".into();
        };
        if help == Help::Hint {
            return format!("Hint: look at line {}.\n\n", first.number);
        }
        let output = self.console.output;
        let mut page = String::from("From your copy to the example:\n\n");
        for (change, line) in diff::shown(&mine, sound) {
            page += &format!("{}\n", paint(output, of_change(change), &line));
        }
        page + "\n"
    }
}
