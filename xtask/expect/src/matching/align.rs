//! The alignment of a whole expectation with all output.

use crate::expectation::{Expectation, SectionKind};
use crate::matching::alignment::Alignment;
use crate::matching::shared::TooHard;
use crate::matching::units::UnitList;

/// With more lines times patterns than this, what matches as a whole at the
/// start is not looked at again.
const AGAIN: usize = 200_000;

impl Expectation {
    /// Aligns `lines` with the patterns, as many of them as possible.
    pub(crate) fn align(&self, lines: &[&str]) -> Alignment {
        let mut alignment = Alignment::new(self.patterns.len(), lines.len());
        let (mut section, mut line) = self.walk(lines, &mut alignment);
        let perfect = alignment.is_perfect();
        if !perfect && lines.len() * self.patterns.len() <= AGAIN {
            // A loose block may have taken what belongs to the one after it.
            let too_hard = alignment.too_hard;
            alignment = Alignment::new(self.patterns.len(), lines.len());
            alignment.too_hard = too_hard;
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
            let assigned = match section.kind {
                SectionKind::Shared => match self.share_out(section, stretch) {
                    Ok(assigned) => assigned.unwrap_or_default(),
                    Err(TooHard) => {
                        alignment.too_hard = Some(section.source_line);
                        return (index, line);
                    }
                },
                _ => self.assign(section, stretch),
            };
            if assigned.iter().flatten().count() < stretch.len() {
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
