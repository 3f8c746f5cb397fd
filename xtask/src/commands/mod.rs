//! The commands of `cargo xtask`, one module each.

pub mod bench;
pub mod bless;
pub mod breakage;
pub mod check;
pub mod index;
pub mod learn;
mod list;
pub mod measure;
pub mod new;
mod propose;
pub mod record;
pub mod show;
pub mod site;
pub mod stress;
pub mod watch;
