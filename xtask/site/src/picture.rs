//! A run as a picture: lanes beside the lines, downwards in the order in which
//! they were printed. This is what there is to draw; a page and an image draw it.

mod image;
mod page;

use std::collections::BTreeMap;

use expect::Expectation;
use xtask::recording::{Event, Recording};

pub(crate) use image::image;
pub(crate) use page::{lanes_style, picture};

/// How far the lanes are apart, in pixels.
const STEP: usize = 12;
/// How high a line is, and where in it its marker is.
const HEIGHT: usize = 24;
const MIDDLE: usize = 12;

/// How many colours and shapes there are; together they tell 40 actors apart.
const COLOURS: usize = 8;
const SHAPES: [&str; 5] = [
    "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "m-4-4h8v8h-8z",
    "m0-5.5 5 5.5-5 5.5-5-5.5z",
    "m0-5 5 9h-10z",
    "m-5-4h10l-5 9z",
];

/// A run, ready to be drawn.
struct Picture<'r> {
    rows: Vec<Row<'r>>,
    lanes: Vec<Lane<'r>>,
    /// Below which rows a rule `@before` draws its bar, with what it says.
    bars: BTreeMap<usize, String>,
}

/// One line of the picture.
struct Row<'r> {
    /// The line's actor and the rest; a line on standard error has none.
    actor: Option<&'r str>,
    text: &'r str,
    who: &'r str,
}

/// One actor's lane.
#[derive(Debug)]
struct Lane<'r> {
    actor: &'r str,
    /// Is it a process of its own?
    process: bool,
    from: End,
    to: End,
    /// Where it is between the two lines of a `@span`.
    spans: Vec<(End, End)>,
}

/// Where a lane ends, either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At a line: no more is known of it.
    Line(usize),
    /// Between two lines, before the one of that number: it was seen.
    Gap(usize),
}

impl<'r> Picture<'r> {
    /// For a broken run the expectation's rules are left out. The lanes that `like`
    /// has too come first and as there, so that an actor looks the same in both.
    fn of(
        recording: &'r Recording,
        expectation: &Expectation,
        like: &Recording,
    ) -> Picture<'r> {
        let rows = rows(recording);
        let mut lanes = lanes(recording, &rows);
        let there = self::lanes(like, &self::rows(like));
        lanes.sort_by_key(|lane| {
            let place = there.iter().position(|l| l.actor == lane.actor);
            place.unwrap_or(there.len())
        });
        for lane in &mut lanes {
            lane.spans = spans(&rows, lane, expectation);
        }
        Picture { rows, lanes, bars: bars(recording, expectation) }
    }

    /// How wide the lanes are together.
    fn width(&self) -> usize {
        self.lanes.len() * STEP + 6
    }

    /// The number of an actor's lane.
    fn lane(&self, actor: &str) -> usize {
        let mut lanes = self.lanes.iter();
        lanes.position(|lane| lane.actor == actor).unwrap_or(0)
    }
}

/// Where a lane is, from the left.
fn middle(lane: usize) -> usize {
    lane * STEP + STEP / 2 + 2
}

fn rows(recording: &Recording) -> Vec<Row<'_>> {
    recording.events.iter().filter_map(row).collect()
}

fn row(event: &Event) -> Option<Row<'_>> {
    match event {
        Event::Says { who, text } => {
            let (actor, text) = text.split_once(": ").unwrap_or(("", text));
            Some(Row { actor: Some(actor), text, who })
        }
        Event::Complains(text) => Some(Row { actor: None, text, who: "" }),
        Event::Begins(_) | Event::Ends(_) => None,
    }
}

/// The lanes, in the order in which their actors first speak.
fn lanes<'r>(recording: &'r Recording, rows: &[Row<'r>]) -> Vec<Lane<'r>> {
    // Each life: who, before which row it began, before which it ended.
    let mut lives: Vec<(&str, usize, Option<usize>)> = Vec::new();
    let mut row = 0;
    for event in &recording.events {
        match event {
            Event::Begins(who) => lives.push((who, row, None)),
            Event::Ends(who) => {
                let mut alive = lives.iter_mut().rev();
                if let Some(life) = alive.find(|life| life.0 == *who) {
                    life.2 = Some(row);
                }
            }
            Event::Says { .. } | Event::Complains(_) => row += 1,
        }
    }
    let mut lanes: Vec<Lane<'r>> = Vec::new();
    for row in rows {
        let Some(actor) = row.actor else { continue };
        if lanes.iter().any(|lane| lane.actor == actor) {
            continue;
        }
        let is_own = |row: &&Row<'_>| row.actor == Some(actor);
        let own = || rows.iter().enumerate().filter(|(_, row)| is_own(row));
        let (mut from, mut to) = (End::Line(0), End::Line(0));
        if let Some((first, _)) = own().next() {
            from = End::Line(first);
        }
        if let Some((last, _)) = own().next_back() {
            to = End::Line(last);
        }
        // A life is this actor's own if it speaks for no other.
        let alone = |who: &str| {
            rows.iter().filter(|row| row.who == who).all(|row| is_own(&row))
        };
        let speakers: Vec<_> = lives
            .iter()
            .filter(|(who, ..)| own().any(|(_, row)| row.who == *who))
            .collect();
        if speakers.iter().all(|(who, ..)| alone(who))
            && let Some(begun) = speakers.iter().map(|life| life.1).min()
        {
            from = End::Gap(begun);
            let ends = speakers.iter().map(|life| life.2);
            if let Some(ended) = ends.max().flatten() {
                to = End::Gap(ended);
            }
        }
        let process = own().any(|(_, row)| row.who.starts_with("process"));
        lanes.push(Lane { actor, process, from, to, spans: Vec::new() });
    }
    lanes
}

/// Where a lane is between the two ends of a `@span`. One that does not end lasts
/// as long as the lane.
fn spans(
    rows: &[Row<'_>],
    lane: &Lane<'_>,
    expectation: &Expectation,
) -> Vec<(End, End)> {
    let mut spans = Vec::new();
    let mut begun = None;
    for (nth, row) in rows.iter().enumerate() {
        if row.actor != Some(lane.actor) {
            continue;
        }
        let line = format!("{}: {}", lane.actor, row.text);
        let says = |is: fn(&expect::Span, &str) -> bool| {
            expectation.spans().iter().any(|span| is(span, &line))
        };
        if says(expect::Span::ends)
            && let Some(from) = begun.take()
        {
            spans.push((from, End::Line(nth)));
        }
        if says(expect::Span::begins) && begun.is_none() {
            begun = Some(End::Line(nth));
        }
    }
    spans.extend(begun.map(|from| (from, lane.to)));
    spans
}

/// The rows below which a rule `@before` draws its bar, with what it says.
fn bars(
    recording: &Recording,
    expectation: &Expectation,
) -> BTreeMap<usize, String> {
    let mut bars = BTreeMap::new();
    let observed = recording.observed();
    let Ok(matched) = expectation.compare(&observed) else { return bars };
    // The numbers of the rows that are lines of standard output.
    let said = recording.events.iter().filter_map(|event| match event {
        Event::Says { .. } => Some(true),
        Event::Complains(_) => Some(false),
        Event::Begins(_) | Event::Ends(_) => None,
    });
    let rows: Vec<usize> =
        said.enumerate().filter(|(_, said)| *said).map(|(n, _)| n).collect();
    let labelled = |label: &String| {
        let pattern = |nth: &usize| &expectation.patterns()[*nth];
        let has = |nth: &usize| pattern(nth).labels.contains(label);
        let lines = matched.order.iter().zip(&rows);
        lines
            .filter(|(nth, _)| has(nth))
            .map(|(_, row)| *row)
            .collect::<Vec<_>>()
    };
    for rule in expectation.rules() {
        let (before, after) = (labelled(&rule.first), labelled(&rule.then));
        let (Some(last), Some(first)) =
            (before.iter().max(), after.iter().min())
        else {
            continue;
        };
        if last < first {
            let what = match (before.len(), after.len()) {
                (1, 1) => "always before that".to_owned(),
                (n, m) => format!(
                    "always: {n} lines of `{}` before {m} of `{}`",
                    rule.first, rule.then
                ),
            };
            bars.entry(*last).or_insert(what);
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording() -> Recording {
        Recording::parse(
            "+ main\nmain | main: go\n+ thread 1\nthread 1 | ann: in\n\
             thread 1 | ann: out\n- thread 1\nmain | main: done\n- main\n= exit 0\n",
        )
        .expect("it can be read")
    }

    #[test]
    fn a_lane_begins_and_ends_where_it_was_seen_to() {
        let recording = recording();
        let rows = rows(&recording);
        let lanes = lanes(&recording, &rows);
        assert_eq!(rows.len(), 4);
        assert_eq!(lanes[0].actor, "main");
        assert_eq!((lanes[0].from, lanes[0].to), (End::Gap(0), End::Gap(4)));
        assert_eq!((lanes[1].from, lanes[1].to), (End::Gap(1), End::Gap(3)));
    }

    #[test]
    fn an_actor_without_a_life_of_its_own_lasts_from_line_to_line() {
        let text = recording().to_string().replace("thread 1 | ", "main | ");
        let recording = Recording::parse(&text).expect("it can be read");
        let rows = rows(&recording);
        let lanes = lanes(&recording, &rows);
        assert_eq!((lanes[1].from, lanes[1].to), (End::Line(1), End::Line(2)));
    }

    #[test]
    fn an_actor_looks_the_same_in_both_runs() {
        let like = recording();
        let text =
            "main | ann: in\nmain | main: go\nmain | bob: in\n= exit 0\n";
        let other = Recording::parse(text).expect("it can be read");
        let text = "main: go".to_owned();
        let line = expect::SourceLine { number: 1, text };
        let expectation = Expectation::parse(&[line]).expect("it can be read");
        let picture = Picture::of(&other, &expectation, &like);
        let actors: Vec<&str> =
            picture.lanes.iter().map(|lane| lane.actor).collect();
        assert_eq!(actors, ["main", "ann", "bob"]);
    }

    #[test]
    fn a_rule_and_a_span_are_drawn() {
        let lines = [
            "main: go",
            "@lanes",
            "ann: in",
            "ann: out  #out",
            "@end",
            "main: done  #done",
            "@before out done",
            "@span in out",
        ];
        let line = |(i, text): (usize, &&str)| expect::SourceLine {
            number: i + 1,
            text: (*text).to_owned(),
        };
        let lines: Vec<_> = lines.iter().enumerate().map(line).collect();
        let expectation = Expectation::parse(&lines);
        let expectation = expectation.expect("it can be read");
        let recording = recording();
        let html = picture(&recording, &expectation, &recording).into_string();
        assert_eq!(html.matches("<li class=\"b\">").count(), 1, "{html}");
        let span = "<i class=\"x1 s d u\" style=grid-row:2/3></i>";
        assert!(html.contains(span), "{html}");
        assert_eq!(html.matches("</li>").count(), 4, "{html}");
        let svg = image(&recording, &expectation);
        let lane = "<line class=\"a0\" x1=\"8\" x2=\"8\" y1=\"0\" y2=\"96\"/>";
        assert!(svg.contains(lane), "{svg}");
    }
}
