//! From the lines of a header to an expectation.

mod actors;
pub(super) mod complaint;
pub(super) mod hole;
mod labels;
pub(super) mod number;
mod parse;
pub(super) mod pattern;
pub(super) mod settings;
pub(super) mod speakers;
pub(super) mod suggest;
