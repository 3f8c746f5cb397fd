//! The rules about who speaks against an oracle that looks at each pair of
//! lines and at each moment, and what is proposed from what was seen.

mod support;
mod tape;

use std::cell::Cell;

use expect::{
    Cast, Expectation, FaultKind, Life, Observed, Spoken, propose_speakers,
};
use proptest::prelude::*;
use support::{printed, source};
use tape::Tape;

const ACTORS: [&str; 4] = ["main", "w 1", "w 2", "x"];

/// Lives that begin and end, and lines that they write.
fn run(tape: &mut Tape<'_>) -> Observed {
    let mut lives = vec![life(0, true, 0)];
    let mut lines: Vec<(&str, Option<Spoken>)> = Vec::new();
    let mut now = 0;
    // What each actor last was, so that most lines are as they should be.
    let mut last = [0, usize::MAX, usize::MAX, usize::MAX];
    while lines.len() < 7 {
        now += 1;
        let alive: Vec<usize> =
            (0..lives.len()).filter(|i| lives[*i].ended.is_none()).collect();
        match tape.below(8) {
            0 => {
                let parent = lives[tape.pick(&alive)].process;
                lives.push(life(parent, false, now));
            }
            1 => {
                let last = lives.iter().map(|life| life.process).max();
                lives.push(life(last.expect("there is main") + 1, true, now));
            }
            2 if alive.len() > 1 => {
                let ending = alive[1 + tape.below(alive.len() - 1)];
                let Life { process, initial, .. } = lives[ending];
                for life in &mut lives {
                    let with = initial && life.process == process;
                    if with && life.ended.is_none() {
                        life.ended = Some(now);
                    }
                }
                lives[ending].ended = Some(now);
            }
            _ => {
                let actor = tape.below(ACTORS.len());
                let mut by = last[actor];
                if !alive.contains(&by) || tape.chance(10) {
                    by = tape.pick(&alive);
                }
                last[actor] = by;
                let spoken = Spoken { by, when: now };
                let seen = !tape.chance(3);
                lines.push((ACTORS[actor], seen.then_some(spoken)));
            }
        }
    }
    let mut observed = printed(lines.iter().map(|l| format!("{}: hi", l.0)));
    for (line, (_, spoken)) in observed.lines.iter_mut().zip(lines) {
        line.spoken = spoken;
    }
    observed.cast = Some(Cast { lives });
    observed
}

fn life(process: usize, initial: bool, begun: u64) -> Life {
    Life { process, initial, pid: 1, tid: 1, begun, ended: None }
}

const RULES: [&str; 12] = [
    "@threads",
    "@threads w {:int}",
    "@threads x",
    "@processes",
    "@processes w {:int}",
    "@processes x",
    "@tasks",
    "@tasks w {:int}",
    "@tasks x",
    "@peak 1 threads",
    "@peak 1.. processes",
    "@peak ..2 threads",
];

/// An actor with its line's writer and moment.
type Voice = (String, Option<Spoken>);

fn oracle(rules: &[&str], observed: &Observed) -> bool {
    let lives = &observed.cast.as_ref().expect("it was seen").lives;
    let voice = |line: &expect::OutputLine| {
        let (actor, _) = line.text.split_once(": ").expect("an actor");
        (actor.to_string(), line.spoken)
    };
    let voices: Vec<Voice> = observed.lines.iter().map(voice).collect();
    let names = |rule: &str, actor: &str| match rule.split_once(' ') {
        Some((_, "x")) => actor == "x",
        Some((_, "w {:int}")) => actor.starts_with('w'),
        _ => false,
    };
    let of = |kind: &str| -> Vec<(&str, Vec<Voice>)> {
        let own = rules.iter().filter(|rule| rule.starts_with(kind));
        own.map(|rule| {
            let named = |actor: &str| match rule.contains(' ') {
                true => names(rule, actor),
                false => !rules.iter().any(|other| names(other, actor)),
            };
            let own = voices.iter().filter(|voice| named(&voice.0)).cloned();
            (*rule, own.collect())
        })
        .collect()
    };
    let group = |kind: &str| -> Vec<Voice> {
        of(kind).into_iter().flat_map(|(_, voices)| voices).collect()
    };
    let process = |by: usize| lives[by].process;
    let thread_ended = |by: usize| lives[by].ended;
    let process_ended =
        |of: usize| lives.iter().find(|l| l.process == of && l.initial)?.ended;
    let each = |voices: &[Voice],
                speaker: &dyn Fn(usize) -> usize,
                ended: &dyn Fn(usize) -> Option<u64>,
                by_silence: bool| {
        let silent = |who: usize, from: u64| {
            by_silence
                && !voices.iter().any(|(_, spoken)| {
                    spoken
                        .is_some_and(|s| speaker(s.by) == who && s.when > from)
                })
        };
        voices.iter().enumerate().all(|(at, (a, spoken))| {
            let Some(one) = spoken else { return false };
            let home = (a == "main") == (speaker(one.by) == 0);
            home && voices[at + 1..].iter().all(|(b, spoken)| {
                let Some(other) = spoken else { return false };
                let same = speaker(one.by) == speaker(other.by);
                match (a == b, same) {
                    (true, true) | (false, false) => true,
                    (false, true) => false,
                    (true, false) => {
                        let (early, late) = if one.when < other.when {
                            (one, other)
                        } else {
                            (other, one)
                        };
                        let who = speaker(early.by);
                        ended(who).is_some_and(|ended| {
                            ended < late.when || silent(who, late.when)
                        })
                    }
                }
            })
        })
    };
    let threads = group("@threads");
    let at_home = |voice: &Voice| voice.1.is_some_and(|s| process(s.by) == 0);
    if !threads.iter().all(at_home)
        || !each(&threads, &|by| by, &thread_ended, true)
        || !each(&group("@processes"), &process, &process_ended, false)
    {
        return false;
    }
    let one_thread = |(_, voices): &(&str, Vec<Voice>)| {
        let by = |voice: &Voice| voice.1.map(|spoken| spoken.by);
        voices.iter().all(|v| v.1.is_some() && by(v) == by(&voices[0]))
    };
    if !of("@tasks").iter().all(one_thread) {
        return false;
    }
    let peak = |counts: &dyn Fn(&Life) -> bool| {
        let alive = |now: u64| {
            let lives = lives.iter().filter(|life| counts(life));
            let alive = lives.filter(|l| {
                l.begun <= now && l.ended.is_none_or(|ended| now < ended)
            });
            alive.count()
        };
        (0..100).map(alive).max().expect("there are moments")
    };
    let (threads, processes) =
        (peak(&|l| !l.initial), peak(&|l| l.initial && l.process > 0));
    rules.iter().all(|rule| match *rule {
        "@peak 1 threads" => threads == 1,
        "@peak ..2 threads" => threads <= 2,
        "@peak 1.. processes" => processes >= 1,
        _ => true,
    })
}

/// The lines in any order, so that only the rules are left to fail.
fn expectation(observed: &Observed, rules: &[&str]) -> Option<Expectation> {
    let mut text = vec!["@any".to_string()];
    text.extend(observed.lines.iter().map(|line| line.text.clone()));
    text.push("@end".to_string());
    text.extend(rules.iter().map(|rule| rule.to_string()));
    Expectation::parse(&source(text)).ok()
}

#[test]
fn the_rules_hold_where_the_oracle_says_so() {
    let (held, broken) = (Cell::new(0), Cell::new(0));
    tape::run(120, |tape| {
        let observed = run(tape);
        for _ in 0..6 {
            let rules = [tape.pick(&RULES), tape.pick(&RULES)];
            let rules = &rules[..1 + tape.below(2)];
            let Some(expectation) = expectation(&observed, rules) else {
                continue;
            };
            let expected = oracle(rules, &observed);
            let found = expectation.compare(&observed);
            if let Err(report) = &found {
                let told =
                    |kind| matches!(kind, FaultKind::Speaker | FaultKind::Peak);
                prop_assert!(report.faults.iter().all(|f| told(f.kind)));
            }
            prop_assert_eq!(
                found.is_ok(),
                expected,
                "{:?} {:#?}",
                rules,
                observed
            );
            let count = if expected { &held } else { &broken };
            count.set(count.get() + 1);
        }
        Ok(())
    });
    let (held, broken) = (held.get(), broken.get());
    println!("{held} held, {broken} broken");
    assert!(held * 5 > held + broken && broken * 5 > held + broken);
}

#[test]
fn what_is_proposed_holds() {
    let some = Cell::new(0);
    tape::run(240, |tape| {
        let runs = [run(tape), run(tape)];
        for runs in [&runs[..1], &runs] {
            let proposed = propose_speakers(runs);
            let unseen = |run: &Observed| {
                run.lines.iter().any(|line| line.spoken.is_none())
            };
            prop_assert!(proposed.is_empty() || !runs.iter().any(unseen));
            let rules: Vec<&str> =
                proposed.iter().map(String::as_str).collect();
            let speakers = rules.iter().any(|rule| !rule.contains("@peak"));
            some.set(some.get() + usize::from(speakers));
            if runs.len() > 1 {
                continue;
            }
            let expectation = expectation(&runs[0], &rules);
            let expectation = expectation.expect("what is proposed parses");
            prop_assert!(expectation.compare(&runs[0]).is_ok(), "{rules:?}");
        }
        Ok(())
    });
    assert!(some.get() > 100, "{}", some.get());
}

/// A run whose lines are written by these lives.
fn seen(lines: &[(&str, usize)], lives: Vec<Life>) -> Observed {
    let mut observed = printed(lines.iter().map(|line| line.0));
    for (when, (line, (_, by))) in
        (10..).zip(observed.lines.iter_mut().zip(lines))
    {
        line.spoken = Some(Spoken { by: *by, when });
    }
    observed.cast = Some(Cast { lives });
    observed
}

#[test]
fn proposals() {
    let thread = |begun| life(0, false, begun);
    let threads = vec![life(0, true, 0), thread(1), thread(2)];
    let lines = [("main: go", 0), ("w 1: in", 1), ("w 2: in", 2)];
    let run = seen(&lines, threads.clone());
    assert_eq!(
        propose_speakers(std::slice::from_ref(&run)),
        ["@threads", "@peak 2 threads"]
    );
    // One more in the other run.
    let more = [threads.clone(), vec![thread(3)]].concat();
    let other = seen(&lines, more);
    assert_eq!(
        propose_speakers(&[run, other.clone()]),
        ["@threads", "@peak 2.. threads"]
    );
    // An actor that is main by another name.
    let mut lines = lines.to_vec();
    lines.push(("early: x", 0));
    let run = seen(&lines, threads.clone());
    assert_eq!(
        propose_speakers(&[run]),
        ["@threads w {:int}", "@tasks early", "@peak 2 threads"]
    );
    let unseen = printed(["main: go"]);
    assert!(propose_speakers(&[unseen, other]).is_empty());
    let alone = seen(&[("main: go", 0)], vec![life(0, true, 0)]);
    assert!(propose_speakers(&[alone]).is_empty());
}

#[test]
fn rules_without_a_cast_are_not_checked_but_told() {
    let text = ["main: go", "w: x", "@threads", "@peak 3 threads"];
    let parse = |lines: &[&str]| {
        Expectation::parse(&source(lines.iter().copied())).expect("it parses")
    };
    let expectation = parse(&text);
    let matched = expectation.compare(&printed(["main: go", "w: x"]));
    assert!(matched.expect("it matches").speakers_unseen);
    let report = expectation.compare(&printed(["main: go"]));
    let report = report.expect_err("a line is missing");
    assert!(report.speakers_unseen);
    assert_eq!(report.faults.len(), 1);
    let free = parse(&text[..2]);
    let matched = free.compare(&printed(["main: go", "w: x"]));
    assert!(!matched.expect("it matches").speakers_unseen);
    let peak_alone = parse(&[text[0], text[3]]);
    let matched = peak_alone.compare(&printed(["main: go"]));
    assert!(matched.expect("it matches").speakers_unseen);
}
