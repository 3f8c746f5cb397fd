//! The examples as they stand in the workspace.

pub mod cargo;
pub mod case;
pub mod header;
pub mod language;
pub mod python;
pub mod workspace;
