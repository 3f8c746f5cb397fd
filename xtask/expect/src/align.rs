//! Which line of output stands for which line of the expectation, names and
//! rules left aside, also where the two do not agree.

use super::Expectation;
use super::units::UnitList;

/// How lines and patterns were put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    /// The pattern of each line.
    pub(super) pattern_of: Vec<Option<usize>>,
    /// The line of each pattern.
    pub(super) line_of: Vec<Option<usize>>,
}

impl Alignment {
    fn new(patterns: usize, lines: usize) -> Self {
        let (pattern_of, line_of) = (vec![None; lines], vec![None; patterns]);
        Alignment { pattern_of, line_of }
    }

    pub(super) fn put(&mut self, pattern: usize, line: usize) {
        self.pattern_of[line] = Some(pattern);
        self.line_of[pattern] = Some(line);
    }

    /// Is each line matched, and each pattern?
    pub(super) fn is_perfect(&self) -> bool {
        self.pattern_of.iter().chain(&self.line_of).all(Option::is_some)
    }
}

/// With more lines times patterns than this, what matches as a whole at the
/// start is not looked at again.
const AGAIN: usize = 200_000;

impl Expectation {
    /// Aligns `lines` with the patterns, as many of them as possible.
    pub(super) fn align(&self, lines: &[&str]) -> Alignment {
        let mut alignment = Alignment::new(self.patterns.len(), lines.len());
        let (mut section, mut line) = self.walk(lines, &mut alignment);
        let perfect = alignment.is_perfect();
        if !perfect && lines.len() * self.patterns.len() <= AGAIN {
            // A loose block may have taken what belongs to the one after it.
            alignment = Alignment::new(self.patterns.len(), lines.len());
            (section, line) = (0, 0);
        }
        if !perfect && section < self.sections.len() && line < lines.len() {
            let units = UnitList::new(self, section, lines);
            units.align(line, &mut alignment);
        }
        alignment
    }

    /// Matches section after section, as long as each matches as a whole.
    /// Returns the section and the line where that ends.
    fn walk(
        &self,
        lines: &[&str],
        alignment: &mut Alignment,
    ) -> (usize, usize) {
        let mut line = 0;
        for (index, section) in self.sections.iter().enumerate() {
            let end = line + section.patterns.len();
            let Some(stretch) = lines.get(line..end) else {
                return (index, line);
            };
            let assigned = self.assign(section, stretch);
            if !assigned.iter().all(Option::is_some) {
                return (index, line);
            }
            for (offset, pattern) in assigned.into_iter().enumerate() {
                if let Some(pattern) = pattern {
                    alignment.put(pattern, line + offset);
                }
            }
            line = end;
        }
        (self.sections.len(), line)
    }
}
