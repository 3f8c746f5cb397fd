//! What the compiler refuses.
//!
//! The examples of this crate run. These programs do not compile, and that is
//! their lesson: in Rust, sharing without synchronising is an error of types,
//! found before the program runs. Each is a test: `cargo test --doc` fails if
//! one of them compiles, and with `RUSTC_BOOTSTRAP=1` also if the error is
//! another than the one named. Beside each stands the nearest one that does.
//!
//! Two marker traits carry it all. A type is [`Send`] if a thread may give it
//! away to another, and [`Sync`] if threads may share it by `&`. The compiler
//! derives both from the parts of a type, and [`std::thread::spawn`] demands
//! `Send` and `'static` of the closure and of its result.
//!
//! # A thread may outlive what it borrows (E0373)
//!
//! Examples `spawn_args`, `scoped_threads`. The function could return, and its
//! locals be gone, while the thread still reads them.
//!
//! ```compile_fail,E0373
//! let words = vec!["read", "me"];
//! let reader = std::thread::spawn(|| words.len());
//! println!("{words:?}");
//! # reader.join().unwrap();
//! ```
//!
//! `move` gives the thread the vector; a scope lets it borrow, since no thread
//! of a scope outlives it.
//!
//! ```
//! let words = vec!["read", "me"];
//! let count = std::thread::scope(|s| s.spawn(|| words.len()).join());
//! assert_eq!((count.ok(), words.len()), (Some(2), 2));
//! ```
//!
//! # What a thread has taken is gone (E0382)
//!
//! Example `spawn_args`. The value has one owner, now the thread.
//!
//! ```compile_fail,E0382
//! let words = vec!["take", "me"];
//! let reader = std::thread::spawn(move || words.len());
//! println!("{words:?}");
//! # reader.join().unwrap();
//! ```
//!
//! Let the thread give it back, or share it from the start in an
//! [`Arc`](std::sync::Arc).
//!
//! ```
//! let words = vec!["take", "me"];
//! let reader = std::thread::spawn(move || (words.len(), words));
//! let (count, words) = reader.join().expect("it only counts");
//! assert_eq!(count, words.len());
//! ```
//!
//! # Two threads cannot both write (E0499)
//!
//! Examples `race_condition`, `scoped_threads`. This is the data race of the
//! Python notes, `counter += 1` in two threads: `&mut` is exclusive.
//!
//! ```compile_fail,E0499
//! let mut counter = 0;
//! std::thread::scope(|s| {
//!     s.spawn(|| counter += 1);
//!     s.spawn(|| counter += 1);
//! });
//! ```
//!
//! Share by `&` what synchronises itself: an atomic, or a
//! [`Mutex`](std::sync::Mutex).
//!
//! ```
//! use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
//!
//! let counter = AtomicU32::new(0);
//! std::thread::scope(|s| {
//!     s.spawn(|| counter.fetch_add(1, Relaxed));
//!     s.spawn(|| counter.fetch_add(1, Relaxed));
//! });
//! assert_eq!(counter.into_inner(), 2);
//! ```
//!
//! # A cell cannot be shared (E0277, not `Sync`)
//!
//! Example `race_condition`. A [`Cell`](std::cell::Cell) is written through `&`
//! without any synchronisation, so `&Cell` must stay in one thread.
//!
//! ```compile_fail,E0277
//! let counter = std::cell::Cell::new(0);
//! std::thread::scope(|s| {
//!     s.spawn(|| counter.set(counter.get() + 1));
//! });
//! ```
//!
//! A cell may be given away, for then only one thread has it.
//!
//! ```
//! let counter = std::cell::Cell::new(0);
//! let thread = std::thread::spawn(move || counter.replace(1));
//! assert_eq!(thread.join().ok(), Some(0));
//! ```
//!
//! # A plain reference count cannot leave its thread (E0277, not `Send`)
//!
//! Example `refcount`. Clones of an [`Rc`](std::rc::Rc) share one count, which
//! they change without synchronising; in two threads it would be torn.
//!
//! ```compile_fail,E0277
//! let words = std::rc::Rc::new(vec!["count", "me"]);
//! let shared = std::rc::Rc::clone(&words);
//! let reader = std::thread::spawn(move || shared.len());
//! # reader.join().unwrap();
//! ```
//!
//! An [`Arc`](std::sync::Arc) counts atomically.
//!
//! ```
//! let words = std::sync::Arc::new(vec!["count", "me"]);
//! let shared = std::sync::Arc::clone(&words);
//! let reader = std::thread::spawn(move || shared.len());
//! assert_eq!(reader.join().ok(), Some(words.len()));
//! ```

//! # What a loop borrows cannot be changed (E0502)
//!
//! Example `changed_while_iterating`. The loop holds the map by `&`, and
//! `insert` wants it by `&mut`.
//!
//! ```compile_fail,E0502
//! let mut stock = std::collections::HashMap::from([("ann", 1)]);
//! for name in stock.keys() {
//!     stock.insert("dan", name.len());
//! }
//! ```
//!
//! A loop over a copy borrows nothing of the map.
//!
//! ```
//! let mut stock = std::collections::HashMap::from([("ann", 1)]);
//! let copy: Vec<&str> = stock.keys().copied().collect();
//! for name in copy {
//!     stock.insert("dan", name.len());
//! }
//! assert_eq!(stock.len(), 2);
//! ```

//! # std's channel has one receiver (E0599)
//!
//! Example `channel_kinds`. The `Receiver` of [`std::sync::mpsc`] has no
//! `clone`: the "sc" is for single consumer.
//!
//! ```compile_fail,E0599
//! let (sender, inbox) = std::sync::mpsc::channel();
//! let other = inbox.clone();
//! # sender.send(1).unwrap();
//! ```
//!
//! Senders may be cloned; several receivers take crossbeam's channel, or a
//! [`Mutex`](std::sync::Mutex) around the one.
//!
//! ```
//! let (sender, inbox) = crossbeam_channel::unbounded();
//! let other = inbox.clone();
//! sender.send(1).expect("both receivers are here");
//! assert_eq!(other.try_recv(), Ok(1));
//! assert!(inbox.is_empty());
//! ```

pub mod kernel;
pub mod toy_gil;
