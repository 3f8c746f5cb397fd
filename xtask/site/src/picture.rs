//! A run as a picture: lanes beside the lines, downwards in the order in which
//! they were printed.

use std::collections::BTreeMap;
use std::fmt::Write;

use expect::Expectation;
use maud::{Markup, PreEscaped, html};
use xtask::recording::{Event, Recording};

/// How far the lanes are apart, in pixels, and where a row's marker is.
const STEP: usize = 12;
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
}

/// Where a lane ends, either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At a line: no more is known of it.
    Line(usize),
    /// Between two lines, before the one of that number: it was seen.
    Gap(usize),
}

/// The picture of a run. For a broken run the expectation's rules are left out.
pub(crate) fn picture(
    recording: &Recording,
    expectation: &Expectation,
) -> Markup {
    let rows = rows(recording);
    let lanes = lanes(recording, &rows);
    let bars = bars(recording, expectation);
    let thick = thick(&rows, &lanes, expectation);
    let width = lanes.len() * STEP + 6;
    html! {
        ol.run style=(format!("--w:{width}px")) {
            @for (nth, row) in rows.iter().enumerate() {
                li class=[row.actor.is_none().then_some("err")] {
                    (PreEscaped(gutter(nth, row, &lanes, &thick, bars.get(&nth))))
                    span {
                        @match row.actor {
                            Some(actor) => {
                                b class=(class(&lanes, actor)) { (actor) ":" }
                                " " (row.text)
                            }
                            None => (row.text),
                        }
                        @if let Some(bar) = bars.get(&nth) {
                            span.hidden { " (" (bar) ")" }
                        }
                    }
                }
            }
        }
    }
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
        lanes.push(Lane { actor, process, from, to });
    }
    lanes
}

/// For each lane the rows in which it is between the two ends of a `@span`.
fn thick(
    rows: &[Row<'_>],
    lanes: &[Lane<'_>],
    expectation: &Expectation,
) -> Vec<Vec<Part>> {
    let mut all = vec![vec![Part::None; rows.len()]; lanes.len()];
    for (lane, parts) in lanes.iter().zip(&mut all) {
        let mut inside = false;
        for (row, part) in rows.iter().zip(parts) {
            let own = row.actor == Some(lane.actor);
            let says = |is: fn(&expect::Span, &str) -> bool| {
                let line = format!("{}: {}", lane.actor, row.text);
                own && expectation.spans().iter().any(|span| is(span, &line))
            };
            let ends = inside && says(expect::Span::ends);
            let begins = says(expect::Span::begins);
            *part = match (inside, begins, ends) {
                (true, _, true) => Part::Upper,
                (true, ..) => Part::Whole,
                (false, true, _) => Part::Lower,
                (false, false, _) => Part::None,
            };
            inside = begins || inside && !ends;
        }
    }
    all
}

/// Which part of a row is thick.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    None,
    Upper,
    Lower,
    Whole,
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

/// A run as one image, for where there is no page around it: the README.
pub(crate) fn image(
    recording: &Recording,
    expectation: &Expectation,
) -> String {
    const HEIGHT: usize = 24;
    const LETTER: usize = 8;
    let rows = rows(recording);
    let lanes = lanes(recording, &rows);
    let bars = bars(recording, expectation);
    let thick = thick(&rows, &lanes, expectation);
    let left = lanes.len() * STEP + 16;
    let letters = |row: &Row<'_>| {
        row.actor.map_or(0, |a| a.chars().count() + 2)
            + row.text.chars().count()
    };
    let most = rows.iter().map(letters).max().unwrap_or(0);
    let (width, height) = (left + LETTER * most + 16, rows.len() * HEIGHT + 16);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>What the program printed, with a lane for each thread</title>\n\
         <style>\n{}</style>\n<rect width=\"100%\" height=\"100%\" rx=\"6\"/>\n",
        include_str!("../assets/image.css")
    );
    svg += &quoted(&shapes().0);
    for (nth, row) in rows.iter().enumerate() {
        let y = 8 + nth * HEIGHT;
        let gutter = gutter(nth, row, &lanes, &thick, bars.get(&nth));
        let gutter =
            gutter.replace("<svg aria-hidden=true>", "").replace("</svg>", "");
        let gutter = quoted(&gutter);
        let _ = writeln!(
            svg,
            "<svg x=\"8\" y=\"{y}\" width=\"{left}\" height=\"{HEIGHT}\" \
             overflow=\"visible\">{gutter}</svg>"
        );
        let (actor, class) = match row.actor {
            Some(actor) => (format!("{actor}: "), class(&lanes, actor)),
            None => (String::new(), String::new()),
        };
        let _ = writeln!(
            svg,
            "<text x=\"{left}\" y=\"{}\" xml:space=\"preserve\">\
             <tspan class=\"{class}\">{}</tspan>{}</text>",
            y + 16,
            escaped(&actor),
            escaped(row.text)
        );
    }
    svg + "</svg>\n"
}

/// The attributes between quotation marks, as XML wants them.
fn quoted(svg: &str) -> String {
    let mut text = String::new();
    for (nth, part) in svg.split('"').enumerate() {
        if nth % 2 == 1 {
            let _ = write!(text, "\"{part}\"");
            continue;
        }
        for (nth, word) in part.split('=').enumerate() {
            match word.split_once([' ', '>']) {
                _ if nth == 0 => text.push_str(word),
                Some((value, _)) if !value.is_empty() => {
                    let _ =
                        write!(text, "=\"{value}\"{}", &word[value.len()..]);
                }
                _ => {
                    let _ = write!(text, "={word}");
                }
            }
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The shapes of the markers, which every picture refers to: once a page.
pub(crate) fn shapes() -> Markup {
    let mut svg = String::from("<svg width=0 height=0 aria-hidden=true><defs>");
    for (nth, shape) in SHAPES.iter().enumerate() {
        let _ = write!(svg, "<path id=s{nth} d=\"M0 {MIDDLE}{shape}\" />");
    }
    PreEscaped(svg + "</defs></svg>")
}

/// Which part of a row a lane crosses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// From the row's top to its bottom.
    Whole,
    /// From the marker down, or down to it, or that alone.
    Partly { from: bool, to: bool },
}

/// Whether a lane is there in a row, and how far.
fn reach(lane: &Lane<'_>, nth: usize) -> Option<Reach> {
    let (End::Line(first) | End::Gap(first)) = lane.from;
    let last = match lane.to {
        End::Line(last) => last + 1,
        End::Gap(last) => last,
    };
    if nth < first || nth >= last {
        return None;
    }
    let from = lane.from == End::Line(nth);
    let to = lane.to == End::Line(nth);
    Some(match from || to {
        true => Reach::Partly { from, to },
        false => Reach::Whole,
    })
}

/// The gutter beside a row of a page: a lane that crosses it is a border, which
/// takes less than a drawing; what is the row's own is drawn.
fn gutter(
    nth: usize,
    row: &Row<'_>,
    lanes: &[Lane<'_>],
    thick: &[Vec<Part>],
    bar: Option<&String>,
) -> String {
    let mut html = String::new();
    for (i, lane) in lanes.iter().enumerate() {
        if reach(lane, nth) == Some(Reach::Whole) {
            let (x, colour) = (middle(i), i % COLOURS);
            let kind = if lane.process { "p" } else { "l" };
            let _ = write!(
                html,
                "<i class={kind}{colour} style=left:{}px></i>",
                x - if lane.process { 2 } else { 1 }
            );
        }
    }
    let mut svg = String::new();
    drawn(nth, row, lanes, thick, bar, Crossing::Borders, &mut svg);
    if !svg.is_empty() {
        let _ = write!(html, "<svg aria-hidden=true>{svg}</svg>");
    }
    html
}

/// Who draws the lanes that cross a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Crossing {
    /// Borders around, as on a page.
    Borders,
    /// The drawing itself.
    Lines,
}

/// Where a lane is, from the left.
fn middle(lane: usize) -> usize {
    lane * STEP + STEP / 2 + 2
}

/// Draws what is a row's own.
fn drawn(
    nth: usize,
    row: &Row<'_>,
    lanes: &[Lane<'_>],
    thick: &[Vec<Part>],
    bar: Option<&String>,
    crossing: Crossing,
    svg: &mut String,
) {
    for (i, lane) in lanes.iter().enumerate() {
        let (x, colour) = (middle(i), i % COLOURS);
        let Some(reach) = reach(lane, nth) else { continue };
        let (from, to) = match reach {
            Reach::Whole => (0, None),
            Reach::Partly { from, to } => {
                (if from { MIDDLE } else { 0 }, to.then_some(MIDDLE))
            }
        };
        let to = to.map_or("100%".to_owned(), |to| to.to_string());
        if reach != Reach::Whole || crossing == Crossing::Lines {
            let kind = if lane.process { " p" } else { "" };
            let _ = write!(
                svg,
                "<line class=\"a{colour}{kind}\" x1={x} x2={x} y1={from} y2={to} />"
            );
            if lane.process {
                let _ = write!(
                    svg,
                    "<line class=q x1={x} x2={x} y1={from} y2={to} />"
                );
            }
        }
        for (end, at, y) in [(lane.from, nth, "1"), (lane.to, nth + 1, "100%")]
        {
            if end == End::Gap(at) {
                let (left, right) = (x - 4, x + 4);
                let _ = write!(
                    svg,
                    "<line class=a{colour} x1={left} x2={right} y1={y} y2={y} />"
                );
            }
        }
        let part = thick[i][nth];
        if part != Part::None {
            let y1 = if part == Part::Lower { MIDDLE } else { 0 };
            let y2 = match part {
                Part::Upper => MIDDLE.to_string(),
                _ => "100%".to_owned(),
            };
            let _ = write!(
                svg,
                "<line class=\"a{colour} s\" x1={x} x2={x} y1={y1} y2={y2} />"
            );
        }
        if row.actor == Some(lane.actor) {
            let shape = i % SHAPES.len();
            let _ = write!(svg, "<use class=a{colour} href=#s{shape} x={x} />");
        }
    }
    if bar.is_some() {
        svg.push_str("<line class=b x2=100% y1=100% y2=100% />");
    }
}

fn class(lanes: &[Lane<'_>], actor: &str) -> String {
    let at = lanes.iter().position(|lane| lane.actor == actor);
    format!("t{}", at.unwrap_or(0) % COLOURS)
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
        let html = picture(&recording, &expectation).into_string();
        assert_eq!(html.matches("class=b ").count(), 1, "{html}");
        assert_eq!(html.matches(" s\"").count(), 2, "{html}");
        assert_eq!(html.matches("</li>").count(), 4, "{html}");
    }
}
