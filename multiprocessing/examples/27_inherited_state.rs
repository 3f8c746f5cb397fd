//! Inherited state: the same random number twice, the same text three times.
//!
//! Python: `random.Random` and a file's buffer, over `fork`, in
//! `27_inherited_state.py`.
//! Reported: pytorch/pytorch#5059, celery/celery#1564.
//! Symptom: it loses data: forked workers draw equal numbers, a log has lines twice.
//!
//! A forked child begins with a copy of everything, also of what should be its
//! own. A random generator goes on from the same state in each child: equal
//! samples, names, tokens. Text that is still in a buffer is written by the
//! parent and by every child that flushes. Open connections are shared as well.
//!
//! The cure: seed and open in the child, flush before the fork; or spawn, which
//! inherits nothing. Python seeds `random`'s own functions anew in the child
//! since 3.7, and `multiprocessing` flushes stdout and stderr; your own
//! generators (`Random()`, numpy's) and files it does not know. Rust's `fork`
//! does nothing, `ipc::fork` flushes stdout; std's `RandomState` is seeded once
//! a thread and is inherited too. The compiler prevents neither bug.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! ann: drew {same:int 0..}
//! bob: drew {same:int 0..}
//! main: they drew the same: true, the log has "started" 3 times in 5 lines
//! ann: drew {:int 0..}
//! bob: drew {:int 0..}
//! main: cured, they drew the same: false, the log has "started" 1 times in 3 lines
//! ```
//!
//! Break it: `random = Random::new()?; // the cure` => `Random::new()?;`
//! Break it: `log.flush()?; // the cure` => `()`
//! Break it: `let (one, two) = (draw("ann")?, draw("bob")?);` => `let (one, two) = (draw("ann")?, 1);`
//! Break it (Python): `generator.seed()  # the cure` => `pass`
//! Break it (Python): `log.flush()  # the cure` => `pass`

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write, pipe};

use ipc::Result;
use tempfile::NamedTempFile;

/// A generator with a state (a linear congruential one), as most are.
struct Random(u64);

impl Random {
    fn new() -> io::Result<Random> {
        let mut seed = [0; 8];
        File::open("/dev/urandom")?.read_exact(&mut seed)?;
        Ok(Random(u64::from_ne_bytes(seed)))
    }

    fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as u32
    }
}

fn main() -> Result<()> {
    println!("main: {}", in_two_children(false)?);
    println!("main: cured, {}", in_two_children(true)?);
    Ok(())
}

fn in_two_children(cured: bool) -> Result<String> {
    let file = NamedTempFile::new()?;
    let mut log = BufWriter::new(File::create(file.path())?);
    let mut random = Random::new()?;
    writeln!(log, "started")?;
    if cured {
        log.flush()?; // the cure
    }
    let mut draw = |name: &str| -> Result<u32> {
        let (mut reader, mut writer) = pipe()?;
        let child = ipc::fork(|| {
            if cured {
                random = Random::new()?; // the cure
            }
            let number = random.draw();
            println!("{name}: drew {number}");
            writeln!(log, "{name} drew")?;
            log.flush()?;
            Ok(writer.write_all(&number.to_ne_bytes())?)
        })?;
        let mut number = [0; 4];
        reader.read_exact(&mut number)?;
        child.join()?;
        Ok(u32::from_ne_bytes(number))
    };
    let (one, two) = (draw("ann")?, draw("bob")?);
    log.flush()?;
    let text = fs::read_to_string(file.path())?;
    let started = text.lines().filter(|line| *line == "started").count();
    let lines = text.lines().count();
    Ok(format!(
        "they drew the same: {}, the log has \"started\" {started} times \
         in {lines} lines",
        one == two
    ))
}
