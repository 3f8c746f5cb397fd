//! One exercise: predict and see; `repair` is the third part.

use expect::Expectation;

use super::beside::{Paint, beside};
use super::diff::{self, Change};
use super::exercise::Exercise;
use super::progress::{Progress, Stage};
use super::workshop::{Bench, Run, Workshop};
use super::{fate, list, silence};
use crate::Error;
use crate::catalogue::case;
use crate::console::{Answer, Console, text};
use crate::options::Status;
use crate::output::Output;
use crate::recording::{Event, Recording};
use crate::results::{Failure, Verdict};

/// What is to be seen of a line that goes on and on.
const LONGEST: usize = 240;

const HELP: &str = "\
Each exercise breaks one example in one place.

  predict  choose what comes of it, by its number; all choices are real
           verdicts of the check
  see      the sound run and the broken one beside each other, and what the
           check says
  repair   a broken copy is yours to mend in your editor; on each save it is
           built, run and compared. The exercise is done when the check passes

  1 2 3 4  guess                    h  a hint; then d shows the difference
  enter    go on                    r  run the copy again
  s        skip to the next         x  begin anew
  b        back to the one before   l  the list, with what is done
  q        quit; so does Ctrl-C. What you have done is kept

Up, down and space move a page that is longer than the screen. The sources are
never touched.
";

/// Where to go from an exercise.
pub(super) enum Move {
    Next,
    Back,
    Leave(Status),
}

/// What comes of a part of an exercise.
pub(super) enum Step {
    /// The next part, as the progress has it.
    On,
    /// Another exercise.
    Away(Move),
}

/// One exercise, being done.
pub(super) struct Lesson<'l, 'e> {
    pub(super) shop: &'l Workshop<'l>,
    pub(super) console: &'l Console<'l>,
    exercises: &'l [Exercise<'e>],
    at: usize,
    pub(super) exercise: &'l Exercise<'e>,
    progress: &'l mut Progress,
    expectation: Expectation,
    pub(super) bench: Bench<'e>,
    /// The sound run, once it was asked for.
    sound: Option<Recording>,
    /// The broken run, once it was made.
    run: Option<Run>,
    /// What was to be predicted, as it was recorded.
    fate: Option<String>,
    /// How often the reader guessed wrong.
    wrong: Option<usize>,
}

impl<'l, 'e> Lesson<'l, 'e> {
    /// Lays out exercise `at`.
    ///
    /// # Errors
    /// When that cannot be written.
    pub(super) fn new(
        shop: &'l Workshop<'l>,
        console: &'l Console<'l>,
        exercises: &'l [Exercise<'e>],
        at: usize,
        progress: &'l mut Progress,
    ) -> Result<Lesson<'l, 'e>, Error> {
        let exercise = &exercises[at];
        let shown = shop.workspace.relative(&exercise.example.source);
        let expectation = case::expectation(exercise.example, &shown)
            .map_err(Error::Usage)?;
        let key = exercise.key();
        let stage = progress.stage(&key);
        progress.set(&key, stage)?;
        let keep = matches!(stage, Stage::Repair | Stage::Done);
        let bench = shop.lay_out(exercise, keep)?;
        let (sound, run, fate, wrong) = Default::default();
        Ok(Lesson {
            shop,
            console,
            exercises,
            at,
            exercise,
            progress,
            expectation,
            bench,
            sound,
            run,
            fate,
            wrong,
        })
    }

    /// Goes through its parts.
    ///
    /// # Errors
    /// When something cannot be run or written, or the user stops it.
    pub(super) fn go_on(&mut self) -> Result<Move, Error> {
        loop {
            let step = match self.progress.stage(&self.exercise.key()) {
                Stage::Predict => self.predict()?,
                Stage::See => self.see()?,
                Stage::Repair => self.repair()?,
                Stage::Done => self.done()?,
            };
            if let Step::Away(away) = step {
                return Ok(away);
            }
        }
    }

    /// Notes how far it is.
    pub(super) fn set(&mut self, stage: Stage) -> Result<Step, Error> {
        self.progress.set(&self.exercise.key(), stage)?;
        Ok(Step::On)
    }

    fn predict(&mut self) -> Result<Step, Error> {
        self.sound_run()?;
        let recorded = self.exercise.broken_run();
        let fate = match &recorded {
            Some(run) => fate::of_recording(&self.expectation, run),
            None => {
                self.broken_run()?;
                let run = self.run.as_ref();
                let fate =
                    |r: &Run| fate::of_run(&self.expectation, &r.checked);
                run.map(fate).unwrap_or_default()
            }
        };
        let choices = fate::choices(
            self.shop.workspace,
            self.exercise,
            &self.expectation,
            &fate,
        );
        let fate = fate.is;
        self.fate = Some(fate.clone());
        let mut wrong: Vec<usize> = Vec::new();
        let keys = format!(
            "1-{}:guess  s:skip  b:back  l:list  q:quit  ?:help",
            choices.len()
        );
        loop {
            let page = |width| self.question(&choices, &wrong, width);
            match self.console.ask(&page, &keys) {
                Answer::Key(digit @ '1'..='9') => {
                    let nth = digit as usize - '1' as usize;
                    if choices.get(nth) == Some(&fate) {
                        self.wrong = Some(wrong.len());
                        return self.set(Stage::See);
                    }
                    if nth < choices.len() && !wrong.contains(&nth) {
                        wrong.push(nth);
                    }
                }
                other => {
                    if let Some(step) = self.common(other)? {
                        return Ok(step);
                    }
                }
            }
        }
    }

    fn question(
        &self,
        choices: &[String],
        wrong: &[usize],
        width: usize,
    ) -> String {
        let output = self.console.output;
        let mut page = self.head("predict");
        for (change, line) in
            diff::shown(&self.exercise.sound, &self.exercise.broken)
        {
            page += &format!("{}\n", paint(output, of_change(change), &line));
        }
        page += "\nWhat comes of it?\n\n";
        for (nth, choice) in choices.iter().enumerate() {
            let (how, no) = match wrong.contains(&nth) {
                true => (Paint::Red, "  (no)"),
                false => (Paint::Plain, ""),
            };
            let choice = format!("{}{no}", short(choice));
            let room = width.saturating_sub(6);
            for (row, piece) in text::wrap(&choice, room).iter().enumerate() {
                let number = match row {
                    0 => format!("{}", nth + 1),
                    _ => " ".to_owned(),
                };
                let line = format!("  {number}  {piece}");
                page += &format!("{}\n", paint(output, how, &line));
            }
        }
        if !wrong.is_empty() {
            page += "\nNo, the check says something else. Try again.\n";
        }
        if let Some(run) = &self.sound {
            page += "\nUnbroken it prints:\n\n";
            for event in &run.events {
                if let Event::Says { text: line, .. } = event {
                    page += &format!("  {}\n", short(line));
                }
            }
        }
        page
    }

    fn see(&mut self) -> Result<Step, Error> {
        self.sound_run()?;
        self.broken_run()?;
        loop {
            let page = |width| self.sight(width);
            let keys =
                "enter:repair it  s:skip  b:back  l:list  q:quit  ?:help";
            match self.console.ask(&page, keys) {
                Answer::Enter | Answer::Key('n') => {
                    return self.set(Stage::Repair);
                }
                other => {
                    if let Some(step) = self.common(other)? {
                        return Ok(step);
                    }
                }
            }
        }
    }

    /// Whether it is not to be waited for as long as the example may take: it is
    /// known to hang, or nothing is known of it.
    pub(super) fn is_impatient(&self) -> bool {
        let own = self.expectation.settings().timeout;
        let recorded = self.exercise.broken_run();
        own.is_none() && recorded.is_none_or(|run| fate::hangs(&run))
    }

    /// The sound run: as recorded, else made now.
    fn sound_run(&mut self) -> Result<(), Error> {
        let (shop, exercise) = (self.shop, self.exercise);
        self.sound = self.sound.take().or_else(|| exercise.sound_run());
        if self.sound.is_none() {
            let what = "running it unbroken …";
            let run = self.console.busy(what, || shop.run_sound(exercise))?;
            self.sound = run.observed.as_ref().map(Recording::of);
        }
        Ok(())
    }

    /// Breaks it in the copy and runs it, once.
    fn broken_run(&mut self) -> Result<(), Error> {
        let hangs = self.is_impatient();
        let run = match self.run.take() {
            Some(run) => run,
            None => {
                let (shop, bench) = (self.shop, &self.bench);
                let what = "breaking it in a copy, and running that …";
                self.console.busy(what, || shop.run(&bench.seen, hangs))?
            }
        };
        self.run = Some(run);
        Ok(())
    }

    fn sight(&self, width: usize) -> String {
        let output = self.console.output;
        let mut page = self.head("see");
        page += &match self.wrong {
            Some(0) => output.green("You predicted it.") + "\n\n",
            Some(n) => format!("You found it, guess {}.\n\n", n + 1),
            None => String::new(),
        };
        let Some(Run { checked, diagnostics }) = &self.run else { return page };
        let sound = self.sound.as_ref();
        let broken = checked.observed.as_ref().map(Recording::of);
        let column = |name: &str,
                      run: Option<&Recording>,
                      other: Option<&Recording>,
                      how| {
            let mut rows = vec![(name.to_owned(), Paint::Bold)];
            rows.extend(differing(run, other, how));
            rows
        };
        let left = column("sound", sound, broken.as_ref(), Paint::Green);
        let right = column("broken", broken.as_ref(), sound, Paint::Red);
        page += &beside([&left, &right], width, |how, text| {
            paint(output, how, text)
        });
        page +=
            "\n+ begins, - ends, | says, ! on standard error, = the end\n\n";
        match &checked.verdict {
            Verdict::Failed(failure) => {
                page += &format!("{}\n", output.bold("The check says:"));
                page += &said(failure, diagnostics.as_deref(), output);
            }
            Verdict::Skipped(why) => {
                page += &format!("it cannot run here: {why}\n");
            }
            _ => page += "This time the check passes.\n",
        }
        let now = fate::of_run(&self.expectation, checked).is;
        if let Some(recorded) = self.fate.as_ref().filter(|f| **f != now) {
            page += &format!(
                "This run went otherwise than the recorded one, of which the \
                 check said: {recorded}\n"
            );
        }
        page
    }

    fn done(&mut self) -> Result<Step, Error> {
        let done = list::done(self.exercises, self.progress);
        let all = self.exercises.len();
        let mine = std::fs::read_to_string(&self.bench.path);
        let output = self.console.output;
        loop {
            let page = |_| {
                let mut page = self.head("done");
                let word = "Repaired: the check passes.";
                page += &format!("{}\n", output.green(word));
                page += &format!("{done} of {all} done.\n");
                let mine = mine.as_deref().unwrap_or(&self.exercise.sound);
                let rest = diff::shown(mine, &self.exercise.sound);
                if !rest.is_empty() {
                    page += "\nThe example itself does it so:\n\n";
                }
                for (change, line) in rest {
                    let how = of_change(change);
                    page += &format!("{}\n", paint(output, how, &line));
                }
                page
            };
            let keys = "enter:next  x:again  b:back  l:list  q:quit  ?:help";
            match self.console.ask(&page, keys) {
                Answer::Enter | Answer::Key('n') => {
                    return Ok(Step::Away(Move::Next));
                }
                Answer::Key('x') => {
                    self.bench = self.shop.lay_out(self.exercise, false)?;
                    self.wrong = None;
                    return self.set(Stage::Predict);
                }
                other => {
                    if let Some(step) = self.common(other)? {
                        return Ok(step);
                    }
                }
            }
        }
    }

    /// What a key does in every part; none where it stays on the page.
    pub(super) fn common(&self, answer: Answer) -> Result<Option<Step>, Error> {
        let away = match answer {
            Answer::Stop => return Err(Error::Interrupted),
            Answer::Ended | Answer::Key('q') => Move::Leave(Status::Well),
            Answer::Key('s') => Move::Next,
            Answer::Key('b') => Move::Back,
            Answer::Key('l') => {
                let page = |_| {
                    let (all, progress) = (self.exercises, &*self.progress);
                    let output = self.console.output;
                    list::page(all, progress, Some(self.at), output)
                };
                return self.aside(&page);
            }
            Answer::Key('?') => return self.aside(&|_| HELP.to_owned()),
            Answer::Key(_) | Answer::Enter | Answer::Saved(_) => {
                return Ok(None);
            }
        };
        Ok(Some(Step::Away(away)))
    }

    /// Shows a page until a key is pressed.
    fn aside(
        &self,
        page: &dyn Fn(usize) -> String,
    ) -> Result<Option<Step>, Error> {
        loop {
            match self.console.ask(page, "enter:back to the exercise  q:quit") {
                Answer::Stop => return Err(Error::Interrupted),
                Answer::Ended | Answer::Key('q') => {
                    return Ok(Some(Step::Away(Move::Leave(Status::Well))));
                }
                Answer::Saved(_) => {}
                Answer::Key(_) | Answer::Enter => return Ok(None),
            }
        }
    }

    /// What stands at the top: which exercise, and which part of it.
    pub(super) fn head(&self, part: &str) -> String {
        let Exercise { header, .. } = self.exercise;
        let (nth, all) = (self.at + 1, self.exercises.len());
        let source = self.exercise.source(self.shop.workspace);
        let title = format!("{nth}/{all} {part}: {}", header.title);
        format!("{}\n{source}\n\n", self.console.output.bold(title))
    }
}

/// What the check, or the compiler, says.
pub(super) fn said(
    failure: &Failure,
    diagnostics: Option<&str>,
    output: &Output,
) -> String {
    let headline = failure.headline();
    // It is called by the name of the copy, which is no name to the reader.
    let own = format!("{}: ", failure.label);
    let headline = headline.strip_prefix(&own).unwrap_or(&headline);
    let report = failure.report(output.color());
    match (report, diagnostics) {
        (Some(report), _) => {
            format!("{}\n\n{report}\n", output.red(short(headline)))
        }
        (None, Some(said)) => {
            format!("{}\n\n{said}\n", output.red("it does not compile"))
        }
        (None, None) => format!("{}\n", output.red(headline)),
    }
}

/// How a changed line looks.
pub(super) fn of_change(change: Change) -> Paint {
    match change {
        Change::Same => Paint::Plain,
        Change::Gone => Paint::Red,
        Change::New => Paint::Green,
    }
}

/// The text, painted where there is colour.
pub(super) fn paint(output: &Output, how: Paint, text: &str) -> String {
    match how {
        Paint::Plain => text.to_owned(),
        Paint::Bold => output.bold(text),
        Paint::Green => output.green(text),
        Paint::Red => output.red(text),
    }
}

/// The lines of a run; those that the other has not are painted.
fn differing(
    run: Option<&Recording>,
    other: Option<&Recording>,
    how: Paint,
) -> Vec<(String, Paint)> {
    let lines = |run: Option<&Recording>| -> Vec<String> {
        let Some(run) = run else { return vec!["(it was not run)".into()] };
        let text = silence::folded(run).to_string();
        text.lines()
            .filter(|line| !line.starts_with(['~', '>']))
            .map(short)
            .collect()
    };
    let mut others = lines(other);
    let paint = |line: String| {
        let same = others.iter().position(|other| *other == line);
        let how = if same.is_some() { Paint::Plain } else { how };
        same.map(|same| others.swap_remove(same));
        (line, how)
    };
    lines(run).into_iter().map(paint).collect()
}

/// The line, without what nobody reads to the end.
pub(super) fn short(line: &str) -> String {
    text::cut(line, LONGEST)
}
