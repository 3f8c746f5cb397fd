//! Processes by example; here is what more than one example needs.
//!
//! The examples stand in `examples/`, each beside its Python sibling. This
//! library holds the one part of them that is a library: a [pool] of worker
//! processes, the counterpart of `multiprocessing.Pool` and of
//! `concurrent.futures.ProcessPoolExecutor`.

pub mod pool;
