//! Random cases, each from a row of bytes, so that a failing one shrinks.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A row of choices. All that is random comes from it, so that a failing
/// case shrinks.
pub(crate) struct Tape<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Tape<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        Tape { bytes, at: 0 }
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % count
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        // Rare things must not happen when the tape has run out.
        self.below(100) >= 100 - percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Looks at cases, each from a row of that many bytes.
pub(crate) fn run(
    length: usize,
    test: impl Fn(&mut Tape<'_>) -> Result<(), TestCaseError>,
) {
    let cases = case_count();
    let config =
        Config { cases, failure_persistence: None, ..Config::default() };
    let tapes = prop::collection::vec(any::<u8>(), length);
    let result = TestRunner::new(config)
        .run(&tapes, |bytes| test(&mut Tape::new(&bytes)));
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// `ORACLE_CASES` sets how many cases are looked at.
fn case_count() -> u32 {
    let count = std::env::var("ORACLE_CASES").ok();
    count.and_then(|count| count.parse().ok()).unwrap_or(3000)
}
