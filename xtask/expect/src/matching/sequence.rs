//! The alignment of what is expected with what was printed, both in order:
//! which line stands for which, so that as much as possible is matched.

use std::collections::VecDeque;
use std::ops::Range;

/// What is expected: single lines, and blocks that take a stretch of lines.
pub(super) trait Units {
    /// How many there are.
    fn len(&self) -> usize;
    /// Could the line belong to the unit? The larger, the surer; 0 is no.
    fn fit(&self, unit: usize, line: usize) -> u32;
    /// How many lines the block stands for; `None` for a single line.
    fn block_size(&self, _unit: usize) -> Option<usize> {
        None
    }
    /// How many lines of each stretch within `lines` the block can match: for
    /// each start, those of the stretch of one line, of two lines, and so on.
    fn gains(&self, _unit: usize, _lines: Range<usize>) -> Vec<Vec<u32>> {
        Vec::new()
    }
}

/// The lines of a unit: a stretch for a block, one line for a line. What lies
/// between the stretches belongs to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) unit: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// As many cells (units times lines) are looked at in one go.
const CELLS: usize = 4_000_000;
/// As many units are looked at in one go when there are too many cells.
const WINDOW: usize = 300;
/// The value of a block's stretches is found exactly up to so many stretches
/// times lines of the block.
const EXACT: usize = 1_000_000;

/// Aligns the units with the lines from `line` to `lines`.
pub(super) fn align(
    units: &impl Units,
    mut unit: usize,
    mut line: usize,
    lines: usize,
) -> Vec<Stretch> {
    let mut found = Vec::new();
    loop {
        while unit < units.len()
            && line < lines
            && units.block_size(unit).is_none()
            && units.fit(unit, line) > 0
        {
            found.push(Stretch { unit, start: line, end: line + 1 });
            unit += 1;
            line += 1;
        }
        let (all, rest) = (units.len() - unit, lines - line);
        if all == 0 || rest == 0 {
            return found;
        }
        if all.saturating_mul(rest) <= CELLS {
            found.extend(table(units, unit..units.len(), line..lines));
            return found;
        }
        // Too much at once: align the next part, and keep the first half.
        let to_unit = unit + all.min(WINDOW);
        let sizes = (unit..to_unit).map(|u| units.block_size(u).unwrap_or(1));
        let room: usize = sizes.sum();
        let to_line = line + rest.min(room + WINDOW);
        let half = (unit + WINDOW / 2, line + (to_line - line) / 2);
        let part = table(units, unit..to_unit, line..to_line);
        let kept = part
            .iter()
            .take_while(|s| s.unit < half.0 && s.start < half.1)
            .count();
        match part[..kept].last() {
            Some(last) => (unit, line) = (last.unit + 1, last.end),
            None => {
                unit = if all >= rest { half.0 } else { unit };
                line = if rest >= all { half.1 } else { line };
                unit = unit.min(units.len());
            }
        }
        found.extend_from_slice(&part[..kept]);
    }
}

/// Aligns by a table of the best value for each unit and line. Of alignments
/// as good, the one that matches early lines is taken: if output breaks off,
/// what is missing is missing at the end.
fn table(
    units: &impl Units,
    unit_range: Range<usize>,
    line_range: Range<usize>,
) -> Vec<Stretch> {
    let (first, offset) = (unit_range.start, line_range.start);
    let width = line_range.len();
    let mut best = vec![0_u32; width + 1];
    let mut choices = Vec::with_capacity(unit_range.len());
    for unit in unit_range {
        let fits: Vec<u32> =
            line_range.clone().map(|line| units.fit(unit, line)).collect();
        let choice = match units.block_size(unit) {
            None => line_row(&mut best, &fits),
            Some(size) if width * width * size <= EXACT => {
                let gains = units.gains(unit, line_range.clone());
                exact_block_row(&mut best, &fits, &gains)
            }
            Some(size) => block_row(&mut best, &fits, size),
        };
        choices.push(choice);
    }
    let mut stretches = Vec::new();
    let mut column = width;
    for (row, choice) in choices.iter().enumerate().rev() {
        let (start, end) = choice[column];
        if start < end {
            stretches.push(Stretch {
                unit: first + row,
                start: offset + start,
                end: offset + end,
            });
        }
        column = start;
    }
    stretches.reverse();
    stretches
}

/// For each number of lines, the lines the unit takes among them: none if
/// start and end are the same.
type Choices = Vec<(usize, usize)>;

fn line_row(best: &mut [u32], fits: &[u32]) -> Choices {
    let mut row: Choices = Vec::with_capacity(best.len());
    // Without a line of its own, the unit adds nothing.
    row.push((0, 0));
    let mut above = best[0];
    for column in 1..best.len() {
        let taken = above + fits[column - 1];
        above = best[column];
        if fits[column - 1] > 0 && taken > best[column].max(best[column - 1]) {
            best[column] = taken;
            row.push((column - 1, column));
        } else if best[column - 1] > best[column] {
            best[column] = best[column - 1];
            row.push(row[column - 1]);
        } else {
            row.push((column, column));
        }
    }
    row
}

/// A block takes a stretch, and is worth as many lines of it as it matches.
fn exact_block_row(
    best: &mut [u32],
    fits: &[u32],
    gains: &[Vec<u32>],
) -> Choices {
    let value = fits.iter().copied().max().unwrap_or(0);
    let above = best.to_vec();
    let mut row: Choices = (0..best.len()).map(|at| (at, at)).collect();
    for (start, gains) in gains.iter().enumerate() {
        if fits[start] == 0 {
            continue;
        }
        for (index, gain) in gains.iter().enumerate() {
            let end = start + index + 1;
            if above[start] + value * gain > best[end] {
                best[end] = above[start] + value * gain;
                row[end] = (start, end);
            }
        }
    }
    for column in 1..best.len() {
        if row[column].0 != column && best[column - 1] >= best[column] {
            best[column] = best[column - 1];
            row[column] = row[column - 1];
        }
    }
    row
}

/// The same for a long block: it is taken to match as many fitting lines as
/// it has patterns.
fn block_row(best: &mut [u32], fits: &[u32], size: usize) -> Choices {
    let value = fits.iter().copied().max().unwrap_or(0);
    let mut count = Vec::with_capacity(best.len());
    count.push(0_usize);
    for fit in fits {
        count.push(count[count.len() - 1] + usize::from(*fit > 0));
    }
    let worth = |lines: usize| value * u32::try_from(lines).unwrap_or(0);
    let above = best.to_vec();
    // Where a stretch that is not yet full begins best: the value above,
    // less what the lines before it would have been worth.
    let net =
        |start: usize| i64::from(above[start]) - i64::from(worth(count[start]));
    let mut starts: VecDeque<usize> = VecDeque::new();
    let mut full = 0;
    let mut row: Choices = Vec::with_capacity(best.len());
    for column in 0..best.len() {
        while starts.back().is_some_and(|&last| net(last) <= net(column)) {
            starts.pop_back();
        }
        starts.push_back(column);
        // The last start from which the stretch is full, if there is one.
        while full < column && count[column] - count[full + 1] >= size {
            full += 1;
        }
        while starts.front().is_some_and(|&start| start < full) {
            starts.pop_front();
        }
        let mut choice = (column, column);
        let mut most = above[column];
        let from = [Some(full), starts.front().copied()];
        for start in from.into_iter().flatten() {
            let lines = (count[column] - count[start]).min(size);
            if above[start] + worth(lines) > most {
                most = above[start] + worth(lines);
                choice = (start, column);
            }
        }
        // A line that does not fit is left outside, at the end.
        if column > 0 && best[column - 1] >= most && choice.0 != column {
            most = best[column - 1];
            choice = row[column - 1];
        }
        best[column] = most;
        row.push(choice);
    }
    row
}

/// Aligns single lines with single lines: the longest common subsequence.
pub(super) fn align_lines(
    expected: usize,
    printed: usize,
    matches: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    struct Lines<F>(usize, F);
    impl<F: Fn(usize, usize) -> bool> Units for Lines<F> {
        fn len(&self) -> usize {
            self.0
        }
        fn fit(&self, unit: usize, line: usize) -> u32 {
            u32::from((self.1)(unit, line))
        }
    }
    align(&Lines(expected, matches), 0, 0, printed)
        .into_iter()
        .map(|stretch| (stretch.unit, stretch.start))
        .collect()
}
