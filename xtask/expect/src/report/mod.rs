//! From a run to the verdict, and to what is said when it does not match.

mod clashes;
mod diagnose;
mod diff;
mod findings;
mod leftovers;
mod near;
pub(crate) mod outcome;
mod render;
mod speakers;
pub(crate) mod style;
mod text;
