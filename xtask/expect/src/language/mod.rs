//! From the lines of a header to an expectation.

pub(crate) mod complaint;
pub(crate) mod hole;
mod labels;
pub(crate) mod number;
mod parse;
pub(crate) mod pattern;
pub(crate) mod settings;
pub(crate) mod speakers;
pub(crate) mod suggest;
