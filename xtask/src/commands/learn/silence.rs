//! A run without the threads and processes that print nothing, where they are many.

use std::collections::HashSet;

use crate::recording::{Event, Recording};

/// So many are shown one by one: who is there is then a part of the picture.
const FEW: usize = 6;

/// The run, with one line in place of the beginnings of all who print nothing.
pub(super) fn folded(run: &Recording) -> Recording {
    let speak: HashSet<&str> = run
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Says { who, .. } => Some(who.as_str()),
            _ => None,
        })
        .collect();
    let is_silent = |event: &Event| match event {
        Event::Begins(who) | Event::Ends(who) => !speak.contains(who.as_str()),
        _ => false,
    };
    let silent: Vec<&str> = run
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Begins(who) if is_silent(event) => Some(who.as_str()),
            _ => None,
        })
        .collect();
    let mut run = run.clone();
    if silent.len() > FEW {
        let threads = silent.iter().filter(|who| who.contains("thread"));
        let what = match threads.count() {
            0 => "processes",
            all if all == silent.len() => "threads",
            _ => "threads and processes",
        };
        let all = format!("{} {what} that print nothing", silent.len());
        let first = run.events.iter().position(is_silent).unwrap_or(0);
        run.events.retain(|event| !is_silent(event));
        run.events.insert(first, Event::Begins(all));
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(silent: usize) -> String {
        let mut text = String::from("+ main\n+ thread 1\n");
        for nth in 2..silent + 2 {
            text += &format!("+ thread {nth}\n- thread {nth}\n");
        }
        text += "thread 1 | here\n- thread 1\nmain | done\n- main\n= exit status 0\n";
        folded(&Recording::parse(&text).expect("it is one")).to_string()
    }

    #[test]
    fn many_silent_ones_are_one_line() {
        let text = run(1000);
        assert!(text.contains("+ 1000 threads that print nothing\n"), "{text}");
        assert_eq!(text.lines().count(), 8, "{text}");
    }

    #[test]
    fn a_few_stay() {
        assert!(run(FEW).contains("- thread 3\n"));
    }
}
