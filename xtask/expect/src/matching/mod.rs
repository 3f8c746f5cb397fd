//! Which line of output stands for which line of the expectation.

pub(super) mod align;
pub(super) mod alignment;
mod bipartite;
mod block;
pub(super) mod propose;
pub(super) mod relax;
mod sequence;
mod shared;
pub(super) mod solve;
pub(super) mod speakers;
mod units;
