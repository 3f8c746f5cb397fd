//! Which line of output stands for which line of the expectation.

pub(crate) mod align;
pub(crate) mod alignment;
mod bipartite;
mod block;
pub(crate) mod problem;
pub(crate) mod propose;
pub(crate) mod relax;
pub(crate) mod search;
mod sequence;
mod shared;
pub(crate) mod speakers;
mod symmetry;
mod units;
