//! What differs between two texts, line by line.

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Same,
    Gone,
    New,
}

/// A line of either text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    pub(super) change: Change,
    /// Its number in the old text, or that of the line that it stands before.
    pub(super) number: usize,
    pub(super) text: &'t str,
}

/// How many lines around a change are shown.
const AROUND: usize = 2;

/// All lines of both texts, in order.
pub(super) fn lines<'t>(old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (old.lines().collect(), new.lines().collect());
    // How many lines the rests from here on have in common.
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = match a[i] == b[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        let number = i + 1;
        let mut push = |change, text| all.push(Line { change, number, text });
        if i < a.len() && j < b.len() && a[i] == b[j] {
            push(Change::Same, a[i]);
            (i, j) = (i + 1, j + 1);
        } else if i < a.len()
            && (j == b.len() || common[i + 1][j] >= common[i][j + 1])
        {
            push(Change::Gone, a[i]);
            i += 1;
        } else {
            push(Change::New, b[j]);
            j += 1;
        }
    }
    all
}

/// The changes with a few lines around each, as a patch shows them.
pub(super) fn shown(old: &str, new: &str) -> Vec<(Change, String)> {
    let all = lines(old, new);
    let near = |nth: usize| {
        let from = nth.saturating_sub(AROUND);
        let to = (nth + AROUND + 1).min(all.len());
        all[from..to].iter().any(|line| line.change != Change::Same)
    };
    let mut shown = Vec::new();
    let mut last = None;
    for (nth, line) in all.iter().enumerate().filter(|(nth, _)| near(*nth)) {
        if last.is_some_and(|last| last + 1 < nth) {
            shown.push((Change::Same, "  …".to_owned()));
        }
        last = Some(nth);
        let sign = match line.change {
            Change::Same => ' ',
            Change::Gone => '-',
            Change::New => '+',
        };
        shown.push((line.change, format!("{sign} {}", line.text)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let old = "a\nb\nc\nd\ne\nf\ng\n";
        let new = "a\nb\nc\nD\ne\nf\ng\nh\n";
        let text: Vec<String> =
            shown(old, new).into_iter().map(|(_, text)| text).collect();
        assert_eq!(
            text,
            ["  b", "  c", "- d", "+ D", "  e", "  f", "  g", "+ h"]
        );
        assert_eq!(shown(old, old), []);
        let changed = lines(old, new);
        let gone = changed.iter().find(|line| line.change == Change::Gone);
        assert_eq!(gone.map(|line| line.number), Some(4));
    }
}
