//! A run written down: who began, who spoke, who ended, in the order in which it
//! was seen. No times: order is what a picture shows.

use std::fmt;
use std::time::Duration;

use expect::{Cast, Ending, Life, Observed, OutputLine, Spoken, Stream};

/// A run, in the order in which it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// What happened.
    pub events: Vec<Event>,
    /// How the program ended, as [`Ending`] shows it.
    pub ending: String,
    /// For a broken program: the sabotage.
    pub sabotage: Option<String>,
    /// For a broken program: what the check said of it.
    pub said: Vec<String>,
}

/// Something that happened. Threads and processes are called as in
/// [`Recording::of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A thread or a process gave its first sign of life.
    Begins(String),
    /// It was seen to end.
    Ends(String),
    /// It wrote a line to standard output.
    Says {
        /// Who; `?` if that was not seen.
        who: String,
        /// The line.
        text: String,
    },
    /// A line on standard error.
    Complains(String),
}

impl Recording {
    /// Writes a run down. The program's main thread is `main`; its other threads
    /// are `thread 1`, `thread 2`; the processes below it `process 1`, and their
    /// threads `process 1, thread 1`.
    pub fn of(observed: &Observed) -> Recording {
        let none = Cast::default();
        let cast = observed.cast.as_ref().unwrap_or(&none);
        let lives = &cast.lives;
        let who: Vec<String> = (0..lives.len()).map(|n| cast.name(n)).collect();
        let mut events: Vec<(u64, Event)> = Vec::new();
        for (life, who) in lives.iter().zip(&who) {
            events.push((life.begun, Event::Begins(who.clone())));
            if let Some(ended) = life.ended {
                events.push((ended, Event::Ends(who.clone())));
            }
        }
        // What has no moment of its own stands behind the line before it.
        let mut latest = 0;
        for line in &observed.lines {
            let text = line.text.clone();
            let event = match (line.stream, line.spoken) {
                (Stream::Stderr, _) => Event::Complains(text),
                (Stream::Stdout, None) => Event::Says { who: "?".into(), text },
                (Stream::Stdout, Some(spoken)) => {
                    latest = latest.max(spoken.when);
                    Event::Says { who: who[spoken.by].clone(), text }
                }
            };
            events.push((latest, event));
        }
        // A thread that begins or ends at the moment of a line does so around it.
        events.sort_by_key(|(when, event)| {
            let rank = match event {
                Event::Begins(_) => 0,
                Event::Says { .. } | Event::Complains(_) => 1,
                Event::Ends(_) => 2,
            };
            (*when, rank)
        });
        Recording {
            events: events.into_iter().map(|(_, event)| event).collect(),
            ending: observed.ending.to_string(),
            sabotage: None,
            said: Vec::new(),
        }
    }

    /// Reads what [`Recording`]'s `Display` wrote.
    ///
    /// # Errors
    /// The number of the line that cannot be read.
    pub fn parse(text: &str) -> Result<Recording, usize> {
        let mut recording = Recording {
            events: Vec::new(),
            ending: String::new(),
            sabotage: None,
            said: Vec::new(),
        };
        for (i, line) in text.lines().enumerate() {
            let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.to_owned();
            match sign {
                "+" => recording.events.push(Event::Begins(rest)),
                "-" => recording.events.push(Event::Ends(rest)),
                "!" => recording.events.push(Event::Complains(rest)),
                "=" => recording.ending = rest,
                "~" => recording.sabotage = Some(rest),
                ">" => recording.said.push(rest),
                _ => {
                    let (who, text) = line.split_once(" | ").ok_or(i + 1)?;
                    let (who, text) = (who.to_owned(), text.to_owned());
                    recording.events.push(Event::Says { who, text });
                }
            }
        }
        match recording.ending.is_empty() {
            true => Err(text.lines().count()),
            false => Ok(recording),
        }
    }

    /// The run again, as the check takes it. A program that did not end is given
    /// the time-out of nothing.
    pub fn observed(&self) -> Observed {
        let mut lives: Vec<(&str, Life)> = Vec::new();
        let mut lines = Vec::new();
        for (when, event) in (1..).zip(&self.events) {
            let known =
                |who: &str| lives.iter().rposition(|(other, _)| *other == who);
            match event {
                Event::Begins(who) => lives.push((who, life(who, when))),
                Event::Ends(who) => {
                    if let Some(by) = known(who) {
                        lives[by].1.ended = Some(when);
                    }
                }
                Event::Says { who, text } => {
                    let by = known(who);
                    let spoken = by.map(|by| Spoken { by, when });
                    lines.push(line(Stream::Stdout, text, spoken));
                }
                Event::Complains(text) => {
                    lines.push(line(Stream::Stderr, text, None));
                }
            }
        }
        let lives: Vec<Life> =
            lives.into_iter().map(|(_, life)| life).collect();
        Observed {
            lines,
            ending: ending(&self.ending),
            leaks: Vec::new(),
            notes: Vec::new(),
            cast: (!lives.is_empty()).then_some(Cast { lives }),
        }
    }

    /// How often the speaker changes from one line to the next.
    pub fn changes(&self) -> usize {
        let actor = |event: &Event| match event {
            Event::Says { text, .. } => {
                text.split_once(": ").map(|(actor, _)| actor.to_owned())
            }
            _ => None,
        };
        let actors: Vec<String> =
            self.events.iter().filter_map(actor).collect();
        actors.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sabotage) = &self.sabotage {
            writeln!(f, "~ {sabotage}")?;
        }
        for event in &self.events {
            match event {
                Event::Begins(who) => writeln!(f, "+ {who}")?,
                Event::Ends(who) => writeln!(f, "- {who}")?,
                Event::Says { who, text } => writeln!(f, "{who} | {text}")?,
                Event::Complains(text) => writeln!(f, "! {text}")?,
            }
        }
        writeln!(f, "= {}", self.ending)?;
        self.said.iter().try_for_each(|line| writeln!(f, "> {line}"))
    }
}

/// The life of one who is called so.
fn life(who: &str, begun: u64) -> Life {
    let number = |text: &str, word: &str| {
        text.strip_prefix(word).and_then(|n| n.trim().parse::<u32>().ok())
    };
    let (process, thread) = match who.split_once(", ") {
        Some((process, thread)) => {
            (number(process, "process"), number(thread, "thread"))
        }
        None => (number(who, "process"), number(who, "thread")),
    };
    let (pid, thread) = (process.unwrap_or(0), thread.unwrap_or(0));
    Life {
        process: pid as usize,
        initial: thread == 0,
        pid,
        tid: 1000 * pid + thread,
        begun,
        ended: None,
    }
}

fn line(stream: Stream, text: &str, spoken: Option<Spoken>) -> OutputLine {
    let (at, text) = (Duration::ZERO, text.to_owned());
    OutputLine { stream, at, text, spoken }
}

fn ending(text: &str) -> Ending {
    match text.split_once(' ') {
        Some(("exit", status)) => Ending::Exit(status.parse().unwrap_or(-1)),
        Some(("signal", name)) => Ending::Signal(name.to_owned()),
        _ => Ending::TimedOut(Duration::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
+ main
+ thread 1
thread 1 | ann: in | out
+ process 1
process 1 | bob: in
+ process 1, thread 1
main | main: done
! a complaint
- thread 1
= exit 3
";

    #[test]
    fn what_is_written_is_read_again() {
        let recording = Recording::parse(TEXT).expect("it can be read");
        assert_eq!(recording.to_string(), TEXT);
        assert_eq!(recording.changes(), 2);
        let observed = recording.observed();
        assert_eq!(observed.ending, Ending::Exit(3));
        let lives = &observed.cast.as_ref().expect("seen").lives;
        assert_eq!(lives.iter().filter(|life| life.initial).count(), 2);
        assert_eq!(Recording::of(&observed).to_string(), TEXT);
        assert_eq!(Recording::parse("main: x\n= exit 0"), Err(1));
        assert_eq!(Recording::parse("+ main\n"), Err(1));
    }
}
