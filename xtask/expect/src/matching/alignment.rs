//! Which line of output stands for which line of the expectation, names and
//! rules left aside, also where the two do not agree.

/// How lines and patterns were put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alignment {
    /// The pattern of each line.
    pub(crate) pattern_of: Vec<Option<usize>>,
    /// The line of each pattern.
    pub(crate) line_of: Vec<Option<usize>>,
    /// The line of the source where a block begins that leaves too many ways
    /// open.
    pub(crate) too_hard: Option<usize>,
}

impl Alignment {
    pub(super) fn new(patterns: usize, lines: usize) -> Self {
        let (pattern_of, line_of) = (vec![None; lines], vec![None; patterns]);
        Alignment { pattern_of, line_of, too_hard: None }
    }

    pub(super) fn put(&mut self, pattern: usize, line: usize) {
        self.pattern_of[line] = Some(pattern);
        self.line_of[pattern] = Some(line);
    }

    /// Is each line matched, and each pattern?
    pub(crate) fn is_perfect(&self) -> bool {
        self.pattern_of.iter().chain(&self.line_of).all(Option::is_some)
    }
}
