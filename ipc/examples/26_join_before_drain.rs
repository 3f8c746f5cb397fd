//! Join before drain: the join never returns.
//!
//! Python: `multiprocessing.Queue`, in `26_join_before_drain.py`.
//! Reported: n8n-io/n8n#19084, python/cpython#73983, #91594.
//! Symptom: it hangs: the join never returns.
//!
//! A child sends its result and should end, but the join never returns. With
//! small results all was fine. A pipe holds about 64 kB. The rest stays with
//! the child until somebody reads. The parent would read, but waits for the
//! child to end. The cure is the order: receive first, then join.
//!
//! In Rust the child is stuck in `write`. In Python `put` returns at once, as a
//! thread of the queue does the writing, and the end of the process waits for
//! that thread. Neither compiler nor interpreter sees it. `full_pipe` is the
//! same bug with a foreign program.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! child 1: sends 1000000 bytes
//! main: joins first for {:int 100..} ms, ended: false
//! main: drains 1000000 bytes, joins, ended with 0
//! child 2: sends 1000 bytes
//! main: joins first, ended with 0
//! main: drains 1000 bytes
//! child 3: sends 1000000 bytes
//! main: drains 1000000 bytes, joins, ended with 0
//! ```
//!
//! Break it: `start(1, 1_000_000)?` => `start(1, 1_000)?`
//! Break it: `drain(&mut result)?, cured.exit_code()?`
//! => `u8::from(cured.ends_within(PATIENCE)?), 0`
//! Break it (Python): `start(1, 1_000_000)` => `start(1, 1_000)`
//! Break it (Python): `size = drain(result)`
//! => `cured.join(0.1); size = 0; cured.kill()`

use std::io::{self, PipeReader, Read, Write};
use std::time::{Duration, Instant};

use ipc::{Child, Result};

const PATIENCE: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    let (stuck, mut result) = start(1, 1_000_000)?;
    let start_of_join = Instant::now();
    let ended = stuck.ends_within(PATIENCE)?; // without a limit: for ever
    let ms = start_of_join.elapsed().as_millis();
    println!("main: joins first for {ms} ms, ended: {ended}");
    let (size, code) = (drain(&mut result)?, stuck.exit_code()?);
    println!("main: drains {size} bytes, joins, ended with {code}");

    let (small, mut result) = start(2, 1_000)?;
    println!("main: joins first, ended with {}", small.exit_code()?);
    println!("main: drains {} bytes", drain(&mut result)?);

    let (cured, mut result) = start(3, 1_000_000)?;
    let (size, code) = (drain(&mut result)?, cured.exit_code()?);
    println!("main: drains {size} bytes, joins, ended with {code}");
    Ok(())
}

/// Starts a child that sends its result, and waits until it has begun.
fn start(number: u32, size: usize) -> Result<(Child, PipeReader)> {
    let (mut reader, mut writer) = io::pipe()?;
    let child = ipc::fork(move || {
        println!("child {number}: sends {size} bytes");
        writer.write_all(b"!")?;
        Ok(writer.write_all(&vec![0; size])?)
    })?;
    reader.read_exact(&mut [0])?;
    Ok((child, reader))
}

fn drain(result: &mut PipeReader) -> io::Result<usize> {
    result.read_to_end(&mut Vec::new())
}
