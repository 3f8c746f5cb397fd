//! A bar with the time that is left, on a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far the run is; rows weigh as much as they took the last time.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    before: f64,
    weight: f64,
}

impl Progress {
    pub(crate) fn new(total: f64) -> Progress {
        let bar = ProgressBar::new((total * 1000.0) as u64);
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = "{bar:30} {percent:>3} %  {msg:18} {eta_precise} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Progress { bar, before: 0.0, weight: 0.0 }
    }

    pub(crate) fn row(&mut self, name: &'static str, weight: f64) {
        self.before += self.weight;
        self.weight = weight;
        self.bar.set_message(name);
        self.at(0.0);
    }

    /// A part of the row, from 0 to 1, is done.
    pub(crate) fn at(&self, part: f64) {
        let done = self.before + self.weight * part.min(1.0);
        self.bar.set_position((done * 1000.0) as u64);
    }

    pub(crate) fn print(&self, text: &str) {
        self.bar.suspend(|| print!("{text}"));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
