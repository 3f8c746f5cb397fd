//! From a run to the verdict, and to what is said when it does not match.

mod clashes;
mod diagnose;
mod diff;
mod findings;
mod leftovers;
mod near;
pub(super) mod outcome;
mod render;
mod speakers;
pub(super) mod style;
mod text;
