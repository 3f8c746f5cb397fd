//! The list of the exercises, with what is done.

use std::fmt::Write;

use super::exercise::Exercise;
use super::progress::{Progress, Stage};
use crate::output::Output;

/// How many are done.
pub(super) fn done(exercises: &[Exercise<'_>], progress: &Progress) -> usize {
    let is_done = |e: &&Exercise<'_>| progress.stage(&e.key()) == Stage::Done;
    exercises.iter().filter(is_done).count()
}

/// A line an exercise, below its topic.
pub(super) fn page(
    exercises: &[Exercise<'_>],
    progress: &Progress,
    at: Option<usize>,
    output: &Output,
) -> String {
    let mut text = String::new();
    let mut topic = "";
    for (nth, exercise) in exercises.iter().enumerate() {
        let Exercise { example, sabotage, .. } = exercise;
        if example.topic != topic {
            let gap = if topic.is_empty() { "" } else { "\n" };
            topic = &example.topic;
            let _ = writeln!(text, "{gap}{}", output.bold(topic));
        }
        let here = if at == Some(nth) { '>' } else { ' ' };
        let mark = match progress.stage(&exercise.key()) {
            Stage::Predict => "     ".to_owned(),
            Stage::See | Stage::Repair => "begun".to_owned(),
            Stage::Done => output.green("done "),
        };
        let (name, language) = (&example.name, exercise.language());
        let _ = writeln!(text, "{here} {mark} {name}, {language}: {sabotage}");
    }
    let (done, all) = (done(exercises, progress), exercises.len());
    let _ = writeln!(text, "\n{done} of {all} done");
    text
}
