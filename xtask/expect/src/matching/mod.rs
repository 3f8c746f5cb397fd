//! Which line of output stands for which line of the expectation.

pub(crate) mod align;
pub(crate) mod alignment;
mod bipartite;
mod block;
pub(crate) mod propose;
pub(crate) mod relax;
mod sequence;
mod shared;
pub(crate) mod solve;
pub(crate) mod speakers;
mod units;
