//! Scheduler shares: to the kernel a thread and a process are equals.
//!
//! Python: `threading`, `os.fork` and `os.nice`, in `21_scheduler_shares.py`.
//! Notes: N0:679, N0:717, N2:17, N2:665, N4:137.
//!
//! Linux schedules tasks, and each thread is one, whatever process it belongs
//! to. A thread and a process of one priority that compete for a core get equal
//! shares of it. Niceness changes the shares: each step is about a tenth, so a
//! task of nice 10 gets a ninth of what one of nice 0 gets. It is slowed and
//! not starved: only real-time classes let a task wait forever. Use `nice` for
//! work that nobody waits for. Neither Rust nor Python has priorities for
//! threads of its own; both can ask the kernel, which keeps them for each
//! thread.
//!
//! A thread, a process and a nice process compete for one core until the thread
//! has had 200 ms of it; then main, which only sleeps and looks, reads what the
//! others have had from `/proc`. The shares count time on the core, so other
//! load on the machine does not change them. Linux only, with its `nice`;
//! elsewhere the program says so and ends.
//!
//! In the notes: "processes cannot influence how they are switched". They can,
//! by their niceness, their scheduling class and their set of cores.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: 3 compete for 1 core
//! main: of the thread's time the process got {:float 0.6..1.7}
//! main: of the thread's time the nice process got {:float 0.01..0.4}
//! ```
//!
//! Break it: `"-n", "10"` => `"-n", "0"`
//! Break it: `pin_to(cores()?[0])?; // all` => `// all`
//! Break it: `spinner(&["nice", "-n", "0"])` =>
//! `spinner(&["nice", "-n", "19"])`
//! Break it (Python): `os.nice(nice)` => `pass`
//! Break it (Python): `os.sched_setaffinity(0, {first})` => `pass`

use std::error::Error;
use std::io::{self, Read};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use std::{env, fs, hint, thread};

use crossbeam_channel::unbounded;
use threading::kernel::{cores, into_ordinary_class, pin_to, time_on_core};

/// A process that computes until it is dropped.
struct Spinner(Child);

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait()) {
            eprintln!("main: a spinner was not ended: {error}");
        }
    }
}

fn spinner(command: &[&str]) -> Result<Spinner, Box<dyn Error>> {
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .arg(env::current_exe()?)
        .arg("spin")
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take();
    let spinner = Spinner(child);
    // It says a word when it begins.
    output.ok_or("no pipe")?.read_exact(&mut [0])?;
    Ok(spinner)
}

/// The seconds that each task has spent on a core.
fn times_of(tasks: &[PathBuf]) -> io::Result<Vec<f64>> {
    tasks.iter().map(|task| time_on_core(task)).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, the shares are read from Linux");
        return Ok(());
    }
    if env::args().nth(1).as_deref() == Some("spin") {
        println!("begun");
        let parent = parent_id();
        while parent_id() == parent {}
        return Ok(());
    }
    into_ordinary_class()?;

    pin_to(cores()?[0])?; // all that is started from here on, too
    let process = spinner(&["nice", "-n", "0"])?;
    let nice = spinner(&["nice", "-n", "10"])?;
    let stop = AtomicBool::new(false);
    let (tell, told) = unbounded();
    let had = thread::scope(|s| {
        s.spawn(|| {
            tell.send(fs::read_link("/proc/thread-self")).ok();
            while !stop.load(Relaxed) {
                hint::spin_loop();
            }
        });
        let compete = || -> Result<_, Box<dyn Error>> {
            let tasks = [
                Path::new("/proc").join(told.recv()??),
                PathBuf::from(format!("/proc/{}", process.0.id())),
                PathBuf::from(format!("/proc/{}", nice.0.id())),
            ];
            let (count, cores) = (tasks.len(), cores()?.len());
            println!("main: {count} compete for {cores} core");
            let start = times_of(&tasks)?;
            loop {
                thread::sleep(Duration::from_millis(10)); // off the core
                let now = times_of(&tasks)?;
                let had: Vec<_> = now
                    .iter()
                    .zip(&start)
                    .map(|(now, then)| now - then)
                    .collect();
                if had[0] >= 0.2 {
                    return Ok(had);
                }
            }
        };
        let had = compete();
        stop.store(true, Relaxed);
        had
    })?;
    for (name, had_it) in ["process", "nice process"].iter().zip(&had[1..]) {
        let share = had_it / had[0];
        println!("main: of the thread's time the {name} got {share:.2}");
    }
    Ok(())
}
