//! Attacks on the servers among the examples, each run as a process of its own.
//! A server answers or closes the connection; it never dies, its memory stays
//! bounded, and others are served meanwhile.
//!
//! `cargo test -p asyncio --test servers -- --nocapture` shows the memory.

mod chat;
mod echo;
mod eval;
mod http;
mod kit;
mod thread_per_connection;

type Tested = Result<(), Box<dyn std::error::Error>>;
