//! A picture as one image, for where there is no page around it: the README.

use std::fmt::Write;

use expect::Expectation;
use xtask::recording::Recording;

use super::{COLOURS, End, HEIGHT, Lane, MIDDLE, Picture, SHAPES, middle};

/// How wide a letter is, and how far the drawing is from the edges.
const LETTER: usize = 8;
const EDGE: usize = 8;

/// A run as an SVG image.
pub(crate) fn image(
    recording: &Recording,
    expectation: &Expectation,
) -> String {
    let picture = Picture::of(recording, expectation, recording);
    let left = picture.width() + EDGE;
    let letters = |row: &super::Row<'_>| {
        row.actor.map_or(0, |a| a.chars().count() + 2)
            + row.text.chars().count()
    };
    let most = picture.rows.iter().map(letters).max().unwrap_or(0);
    let width = EDGE + left + LETTER * most + EDGE;
    let height = picture.rows.len() * HEIGHT + 2 * EDGE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>What the program printed, with a lane for each thread</title>\n\
         <style>\n{}</style>\n<rect width=\"100%\" height=\"100%\" rx=\"6\"/>\n\
         <g transform=\"translate({EDGE} {EDGE})\">\n",
        include_str!("../../assets/image.css")
    );
    for (nth, lane) in picture.lanes.iter().enumerate() {
        strokes(nth, lane, &mut svg);
    }
    for (nth, row) in picture.rows.iter().enumerate() {
        let y = nth * HEIGHT + MIDDLE;
        let mut actor = String::new();
        let mut colour = 0;
        if let Some(name) = row.actor {
            let lane = picture.lane(name);
            colour = lane % COLOURS;
            let x = middle(lane);
            let shape = SHAPES[lane % SHAPES.len()];
            let _ = write!(
                svg,
                "<path class=\"a{colour}\" d=\"M{x} {y}{shape}\"/>"
            );
            actor = format!("{name}: ");
        }
        let _ = writeln!(
            svg,
            "<text x=\"{left}\" y=\"{}\" xml:space=\"preserve\">\
             <tspan class=\"t{colour}\">{}</tspan>{}</text>",
            y + 4,
            escaped(&actor),
            escaped(row.text)
        );
        if picture.bars.contains_key(&nth) {
            let (x, y) = (picture.width(), (nth + 1) * HEIGHT);
            line("b", (0, y), (x, y), &mut svg);
        }
    }
    svg + "</g>\n</svg>\n"
}

/// A lane with its caps, and the spans in which it is thick.
fn strokes(nth: usize, lane: &Lane<'_>, svg: &mut String) {
    let height = |end| match end {
        End::Line(row) => row * HEIGHT + MIDDLE,
        End::Gap(row) => row * HEIGHT,
    };
    let x = middle(nth);
    let class = format!("a{}", nth % COLOURS);
    let process = format!("{class} p");
    let kinds: &[&str] =
        if lane.process { &[&process, "q"] } else { &[&class] };
    let (from, to) = (height(lane.from), height(lane.to));
    for kind in kinds {
        line(kind, (x, from), (x, to), svg);
    }
    for end in [lane.from, lane.to] {
        if let End::Gap(_) = end {
            let y = height(end);
            line(&class, (x - 4, y), (x + 4, y), svg);
        }
    }
    for (from, to) in &lane.spans {
        let thick = format!("{class} s");
        line(&thick, (x, height(*from)), (x, height(*to)), svg);
    }
    svg.push('\n');
}

fn line(
    class: &str,
    (x1, y1): (usize, usize),
    (x2, y2): (usize, usize),
    svg: &mut String,
) {
    let _ = write!(
        svg,
        "<line class=\"{class}\" x1=\"{x1}\" x2=\"{x2}\" y1=\"{y1}\" y2=\"{y2}\"/>"
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
