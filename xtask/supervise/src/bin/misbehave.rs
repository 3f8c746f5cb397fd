//! A program that does one thing an example must not: material for the tests of
//! the runner. `misbehave WHAT [MARK]`; the mark shows in its command line.

#![allow(unsafe_code)]

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio, exit};
use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::{SigHandler, Signal, raise, signal};
#[cfg(target_os = "linux")]
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::{ForkResult, close, fork, setsid};
use supervise::{Job, Runner};

fn main() -> io::Result<ExitCode> {
    if let Some(code) = supervise::serve(std::env::args_os()) {
        return Ok(code);
    }
    let what = std::env::args().nth(1).unwrap_or_default();
    let pid = std::process::id();
    match what.as_str() {
        "nothing" => println!("main: well"),
        // With an empty name and no argument its command line is empty.
        "hang" | "" => hang(),
        "ignores_sigterm" => {
            for ignored in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
                // SAFETY: no handler is installed, the signal is ignored.
                unsafe { signal(ignored, SigHandler::SigIgn) }?;
            }
            hang();
        }
        "spins" => {
            println!("main: busy");
            loop {
                std::hint::spin_loop();
            }
        }
        "naps" => {
            println!("main: asleep");
            sleep(Duration::from_millis(1500));
            println!("main: awake");
        }
        "reports" => {
            // SAFETY: the handler calls nothing but write and _exit.
            unsafe { signal(Signal::SIGTERM, SigHandler::Handler(report)) }?;
            hang();
        }
        "floods_lines" => {
            let lines = b"x\n".repeat(8192);
            while io::stdout().write_all(&lines).is_ok() {}
        }
        "shows_signals" => {
            let status = fs::read_to_string("/proc/self/status")?;
            let signals = ["SigBlk", "SigIgn"];
            let shown = status.lines().filter(|line| {
                signals.iter().any(|signal| line.starts_with(signal))
            });
            shown.for_each(|line| println!("{line}"));
        }
        "-c" => {}
        "has_early_tracker" => {
            let this = std::env::current_exe()?;
            let text = "from multiprocessing.resource_tracker import main";
            Command::new(this).args(["-c", text]).spawn()?;
            #[cfg(target_os = "linux")]
            waitid(Id::All, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
        }
        "forges_tracker" => {
            let this = std::env::current_exe()?;
            let forged = "multiprocessing.resource_tracker";
            let mut child = Command::new(this)
                .args(["hang", forged])
                .stdout(Stdio::piped())
                .spawn()?;
            // It is there when it speaks.
            if let Some(stdout) = &mut child.stdout {
                stdout.read_exact(&mut [0])?;
            }
        }
        #[cfg(target_os = "linux")]
        "unmounts_proc" => {
            let flags = nix::mount::MntFlags::MNT_DETACH;
            let done = nix::mount::umount2("/proc", flags);
            println!("main: {done:?}");
            in_child(|| {
                let _ = setsid();
                sleep(Duration::from_secs(600));
            });
        }
        // misbehave runs MARK: as a runner, that of a program that naps.
        "runs" => {
            let mark = std::env::args().nth(2).unwrap_or_default();
            let job = Job {
                program: std::env::current_exe()?,
                arguments: vec!["naps".into(), mark],
                ..Job::default()
            };
            let runner = Runner::of_this_binary().map_err(io::Error::other)?;
            let outcome = runner.run(&job, Duration::from_secs(2));
            let outcome = outcome.map_err(io::Error::other)?;
            println!("{}", outcome.observed.ending);
        }
        "leaves_daemon" => in_child(|| {
            let _ = setsid();
            let _ = (close(0), close(1), close(2));
            sleep(Duration::from_secs(600));
        }),
        "leaves_grandchild" => in_child(|| {
            in_child(|| {
                let _ = setsid();
                sleep(Duration::from_secs(600));
            });
        }),
        "leaves_nameless" => {
            let this = std::env::current_exe()?;
            Command::new(this).arg0("").stdout(Stdio::null()).spawn()?;
        }
        "hops" => in_child(|| {
            // Forks and dies, over and over, so that its pid is never the
            // same for long.
            for _ in 0..100_000 {
                // SAFETY: this process has a single thread.
                if let Ok(ForkResult::Parent { .. }) = unsafe { fork() } {
                    exit(0);
                }
                let _ = setsid();
            }
        }),
        "leaves_zombie" => {
            in_child(|| exit(0));
            #[cfg(target_os = "linux")]
            waitid(Id::All, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
        }
        "fork_storm" => {
            for _ in 0..200 {
                in_child(|| {
                    let _ = setsid();
                    sleep(Duration::from_secs(600));
                });
            }
        }
        "child_prints_late" => in_child(|| {
            sleep(Duration::from_secs(600));
            println!("child: too late");
        }),
        "closes_stdout" => {
            close(1).map_err(io::Error::from)?;
            sleep(Duration::from_millis(50));
        }
        "floods" => {
            let line = [b'x'; 1024];
            for _ in 0..100 * 1024 {
                io::stdout().write_all(&line)?;
                io::stdout().write_all(b"\n")?;
            }
        }
        "no_newline" => {
            print!("main: well");
            io::stdout().flush()?;
        }
        "not_utf8" => io::stdout().write_all(b"main: \xff\xfe\n")?,
        "dies" => raise(Signal::SIGKILL)?,
        "aborts" => std::process::abort(),
        "complains" => eprintln!("main: something is wrong"),
        "leaves_segment" => {
            fs::write(format!("/dev/shm/misbehave-{pid}"), "here")?;
        }
        #[cfg(target_os = "linux")]
        "leaves_queue" => {
            let name = format!("/misbehave-{pid}\0");
            let flags = libc::O_CREAT | libc::O_RDWR;
            // SAFETY: the name is a C string, the mode is a number, and a null
            // pointer asks for the system's default attributes.
            let queue = unsafe {
                libc::mq_open(
                    name.as_ptr().cast(),
                    flags,
                    0o600,
                    std::ptr::null_mut::<libc::c_void>(),
                )
            };
            if queue < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        "leaves_system_v" => {
            let flags = libc::IPC_CREAT | 0o600;
            // SAFETY: takes numbers only; the segment is not attached.
            if unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, flags) } < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        "leaves_file" => fs::write("left.txt", "here")?,
        "leaves_locked_folder" => {
            fs::create_dir("locked")?;
            fs::write("locked/file", "here")?;
            fs::set_permissions("locked", fs::Permissions::from_mode(0o000))?;
        }
        // misbehave leaves_elsewhere PATH
        "leaves_elsewhere" => {
            let path = std::env::args().nth(2).unwrap_or_default();
            fs::write(&path, "here")?;
            // One that is removed, one that was there, one of its own.
            fs::create_dir(format!("{path}.folder"))?;
            fs::remove_dir(format!("{path}.folder"))?;
            fs::write("/dev/null", "here")?;
            let own = std::env::temp_dir().join("own");
            fs::write(&own, "here")?;
            fs::remove_file(own)?;
        }
        "hides_files" => {
            fs::create_dir_all("one/two")?;
            fs::write("one/two/file", "here")?;
            for folder in ["one/two", "one", "."] {
                let none = fs::Permissions::from_mode(0o000);
                fs::set_permissions(folder, none)?;
            }
        }
        "kills" => kills()?,
        other => {
            eprintln!("misbehave: no such thing as `{other}`");
            exit(2);
        }
    }
    Ok(ExitCode::SUCCESS)
}

extern "C" fn report(_: libc::c_int) {
    let text = b"main: I hung\n";
    // SAFETY: the bytes are there; both functions may be called in a handler.
    unsafe {
        libc::write(1, text.as_ptr().cast(), text.len());
        libc::_exit(1)
    }
}

fn hang() {
    println!("main: waiting");
    loop {
        sleep(Duration::from_secs(600));
    }
}

/// `misbehave kills PROGRAM COUNT MICROSECONDS`, in a pid namespace of its own:
/// starts the program so many times and kills it, each time at a moment within
/// so many microseconds; waits until none of their children is left; and
/// becomes the program.
fn kills() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let [program, count, micros] = &arguments[..] else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let number = |text: &str| text.parse().map_err(io::Error::other);
    let (count, micros): (u64, u64) = (number(count)?, number(micros)?);
    for nth in 0..count {
        let mut child = Command::new(program)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let moment = RandomState::new().hash_one(nth) % micros.max(1);
        sleep(Duration::from_micros(moment));
        child.kill()?;
        child.wait()?;
    }
    // The namespace's init, and this process.
    while processes()? > 2 {
        sleep(Duration::from_millis(1));
    }
    Err(Command::new(program).exec())
}

fn processes() -> io::Result<usize> {
    let is_process = |entry: &fs::DirEntry| {
        entry.file_name().to_string_lossy().parse::<u32>().is_ok()
    };
    Ok(fs::read_dir("/proc")?.flatten().filter(is_process).count())
}

/// Does `act` in a child that nobody waits for.
fn in_child(act: impl FnOnce()) {
    // SAFETY: this process has a single thread.
    match unsafe { fork() } {
        Ok(ForkResult::Child) => {
            act();
            exit(0)
        }
        Ok(ForkResult::Parent { .. }) => {}
        Err(e) => {
            eprintln!("misbehave: fork: {e}");
            exit(2)
        }
    }
}
