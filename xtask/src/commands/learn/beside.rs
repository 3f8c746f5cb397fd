//! Two runs beside each other.

use crate::console::text::{self, wrap};

/// Two texts beside each other, each line with its paint; below each other where
/// that is too narrow.
pub(super) fn beside(
    [left, right]: [&[(String, Paint)]; 2],
    width: usize,
    paint: impl Fn(Paint, &str) -> String,
) -> String {
    let mut text = String::new();
    let column = width.saturating_sub(3) / 2;
    if column < 32 {
        for side in [left, right] {
            for (line, how) in side {
                text += &format!("{}\n", paint(*how, line));
            }
            text.push('\n');
        }
        return text;
    }
    let rows = |side: &[(String, Paint)]| -> Vec<(String, Paint)> {
        let pieces = side.iter().flat_map(|(line, how)| {
            wrap(line, column).into_iter().map(|piece| (piece, *how))
        });
        pieces.collect()
    };
    let (left, right) = (rows(left), rows(right));
    for nth in 0..left.len().max(right.len()) {
        let cell = |side: &[(String, Paint)]| {
            let (line, how) = side.get(nth)?;
            let pad = " ".repeat(column.saturating_sub(text::width(line)));
            Some((paint(*how, line), pad))
        };
        let (line, pad) =
            cell(&left).unwrap_or_else(|| (String::new(), " ".repeat(column)));
        let other = cell(&right).map_or(String::new(), |(line, _)| line);
        text += format!("{line}{pad} │ {other}").trim_end();
        text.push('\n');
    }
    text
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// As all others.
    Plain,
    /// A headline.
    Bold,
    /// Good.
    Green,
    /// Bad.
    Red,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_is_below_each_other() {
        let side = |text: &str| vec![(text.to_owned(), Paint::Plain)];
        let (left, right) = (side("left"), side("right"));
        let show =
            |width| beside([&left, &right], width, |_, text| text.to_owned());
        assert_eq!(show(30), "left\n\nright\n\n");
        let column = (80 - 3) / 2;
        assert_eq!(show(80), format!("{:column$} │ right\n", "left"));
    }
}
