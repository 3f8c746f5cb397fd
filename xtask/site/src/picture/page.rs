//! A picture on a page: a list of the lines, and lanes that stretch beside them.
//!
//! Lines and lanes share the rows of a grid, so a line may wrap and its lanes grow
//! with it. A lane is one element from its first row to its last; the marker of a
//! line is drawn by the style of its actor. The text is a list as any other.

use std::fmt::Write;

use expect::Expectation;
use maud::{Markup, PreEscaped, html};
use xtask::recording::Recording;

use super::{COLOURS, End, Lane, MIDDLE, Picture, SHAPES, middle};

/// The picture of a run, with its lanes as in that of `like`.
pub(crate) fn picture(
    recording: &Recording,
    expectation: &Expectation,
    like: &Recording,
) -> Markup {
    let picture = Picture::of(recording, expectation, like);
    html! {
        div.run style=(format!("--w:{}px", picture.width())) {
            (PreEscaped(strokes(&picture.lanes)))
            ol {
                @for (nth, row) in picture.rows.iter().enumerate() {
                    @let bar = picture.bars.get(&nth);
                    li class=[class(row.actor.is_none(), bar.is_some())] {
                        @if let Some(actor) = row.actor {
                            b class=(format!("x{}", picture.lane(actor))) {
                                (actor) ":"
                            }
                            " "
                        }
                        (row.text)
                        @if let Some(bar) = bar {
                            span.hidden { " (" (bar) ")" }
                        }
                    }
                }
            }
        }
    }
}

fn class(is_error: bool, has_bar: bool) -> Option<&'static str> {
    match (is_error, has_bar) {
        (true, _) => Some("err"),
        (false, true) => Some("b"),
        (false, false) => None,
    }
}

/// What each lane looks like, for as many as the fullest picture has.
pub(crate) fn lanes_style(recordings: &[&Recording]) -> String {
    let lanes = |recording: &&Recording| {
        super::lanes(recording, &super::rows(recording)).len()
    };
    let most = recordings.iter().map(lanes).max().unwrap_or(0);
    let mut css = String::new();
    for lane in 0..most {
        let (x, colour) = (middle(lane), lane % COLOURS);
        let shape = SHAPES[lane % SHAPES.len()];
        let _ = writeln!(
            css,
            ".x{lane} {{ --x: {x}px; color: var(--c{colour}); \
             --shape: path(\"M6 6{shape}\"); }}"
        );
    }
    css
}

/// All lanes, and over each the spans in which it is thick.
fn strokes(lanes: &[Lane<'_>]) -> String {
    let mut html = String::new();
    for (nth, lane) in lanes.iter().enumerate() {
        let mut class = format!("x{nth}");
        if lane.process {
            class.push_str(" p");
        }
        stroke(&class, lane.from, lane.to, &mut html);
        for (from, to) in &lane.spans {
            stroke(&format!("x{nth} s"), *from, *to, &mut html);
        }
    }
    html
}

/// A line downwards. An end that was seen has a cap.
fn stroke(class: &str, from: End, to: End, html: &mut String) {
    let mut class = class.to_owned();
    let (End::Line(first) | End::Gap(first)) = from;
    let (End::Line(last) | End::Gap(last)) = to;
    class.push_str(if from == End::Line(first) { " d" } else { " a" });
    class.push_str(if to == End::Line(last) { " u" } else { " z" });
    let (first, last) = (first + 1, last + 1);
    let _ = match (from, to) {
        (End::Line(_), End::Line(_)) if first == last => Ok(()),
        // A grid has no area without rows.
        _ if first == last => write!(
            html,
            "<i class=\"{class}\" style=\"grid-row:{first};height:{MIDDLE}px\"></i>"
        ),
        _ => write!(
            html,
            "<i class=\"{class}\" style=grid-row:{first}/{last}></i>"
        ),
    };
}
