//! A program that speaks in some way: material for the tests of who is seen to
//! speak. `speak WHAT`.

#![allow(unsafe_code)]

use std::ffi::c_int;
use std::io::{self, IoSlice, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::sync::{Barrier, mpsc};
use std::thread::{self, sleep};
use std::time::Duration;

use nix::sys::signal::{SigHandler, Signal, kill, signal};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, close, dup, dup2_stdout, fork};

fn main() -> io::Result<ExitCode> {
    let what = std::env::args().nth(1).unwrap_or_default();
    match what.as_str() {
        "alone" => println!("main: well"),
        "fork" => {
            let child = forked(|| println!("child: well"))?;
            waitpid(child, None)?;
            println!("main: well");
        }
        "killed" => {
            // What is killed lives until then, and not until it is waited for.
            let (mut begun, tell) = io::pipe()?;
            let child = forked(|| {
                let _ = (&tell).write(&[0]);
                sleep(Duration::from_secs(600));
            })?;
            begun.read_exact(&mut [0])?;
            println!("main: started");
            kill(child, Signal::SIGKILL)?;
            let other = forked(|| println!("other: well"))?;
            waitpid(other, None)?;
            waitpid(child, None)?;
            println!("main: well");
        }
        "dies_alone" => {
            let child = forked(|| {
                println!("child: here");
                // SAFETY: nothing is left to be done.
                unsafe { libc::syscall(libc::SYS_exit_group, 3) };
            })?;
            // Its end is not seen, though it is there to be waited for.
            let flags = nix::sys::wait::WaitPidFlag::WEXITED
                | nix::sys::wait::WaitPidFlag::WNOWAIT;
            nix::sys::wait::waitid(nix::sys::wait::Id::Pid(child), flags)?;
            let other = forked(|| println!("other: well"))?;
            waitpid(other, None)?;
            waitpid(child, None)?;
        }
        "spawn" => {
            // posix_spawn, which is a vfork.
            let this = std::env::current_exe()?;
            Command::new(&this).arg("alone").status()?;
            println!("main: after");
        }
        "vfork" => vforked()?,
        "exec" => {
            println!("before: well");
            let (begun, begins) = mpsc::channel();
            let other = thread::Builder::new().name("gone".into());
            let _ = other.spawn(move || {
                let _ = begun.send(());
                sleep(Duration::from_secs(600));
            })?;
            let _ = begins.recv();
            return Err(Command::new(std::env::current_exe()?)
                .arg("alone")
                .exec());
        }
        "threads" => {
            let all_here = Barrier::new(4);
            thread::scope(|scope| {
                for n in 0..3 {
                    let all_here = &all_here;
                    scope.spawn(move || {
                        all_here.wait();
                        println!("worker {n}: well");
                        all_here.wait();
                    });
                }
                all_here.wait();
                all_here.wait();
            });
            println!("main: well");
        }
        "one_by_one" => {
            for n in 0..50 {
                let worker = thread::spawn(move || println!("worker: {n}"));
                worker.join().expect("no panic");
            }
        }
        "thread_exits" => {
            for end in [leave as Routine, be_cancelled] {
                run(end);
            }
            println!("main: well");
        }
        "dup" => {
            let copy = dup(io::stdout())?;
            nix::unistd::write(&copy, b"copy: one\n")?;
            nix::unistd::write(&copy, b"copy: two\n")?;
            drop(copy);
            println!("main: well");
        }
        "redirected" => {
            let kept = dup(io::stdout())?;
            let null = std::fs::File::create("/dev/null")?;
            dup2_stdout(&null)?;
            println!("nobody: hears it");
            dup2_stdout(&kept)?;
            println!("main: well");
        }
        "closed" => {
            println!("main: well");
            close(1).map_err(io::Error::from)?;
            let (_reader, writer) = io::pipe()?;
            nix::unistd::write(&writer, b"main: into a pipe\n")?;
            nix::unistd::write(&writer, b"main: again\n")?;
        }
        "writev" => {
            let parts = [b"main: ", &b"in parts\nmain: "[..], b"two\n"];
            let parts = parts.map(IoSlice::new);
            let written = io::stdout().lock().write_vectored(&parts)?;
            assert!(written > 0);
            let parts = [IoSlice::new(b"main: three\n")];
            nix::sys::uio::writev(io::stdout(), &parts)?;
        }
        "in_pieces" => {
            for piece in ["main: ", "piece by ", "piece\n"] {
                nix::unistd::write(io::stdout(), piece.as_bytes())?;
            }
            // Two share a line.
            nix::unistd::write(io::stdout(), b"main: half, ")?;
            let child = forked(|| {
                let _ = nix::unistd::write(io::stdout(), b"child: half\n");
            })?;
            waitpid(child, None)?;
            println!("main: well");
        }
        "unseen" => {
            println!("main: one");
            let text = b"main: by a system call\n";
            // SAFETY: the bytes are there.
            unsafe {
                libc::syscall(libc::SYS_write, 1, text.as_ptr(), text.len())
            };
            println!("main: three");
        }
        "stdio" => {
            // SAFETY: C strings, as the functions ask for.
            unsafe {
                libc::puts(c"main: by the C library".as_ptr());
                libc::fflush(std::ptr::null_mut());
                libc::puts(c"main: at the end".as_ptr());
            }
        }
        "handler" => {
            // SAFETY: the handler does what a handler may.
            unsafe { signal(Signal::SIGUSR1, SigHandler::Handler(handle)) }?;
            nix::sys::signal::raise(Signal::SIGUSR1)?;
            println!("main: well");
        }
        "many" => {
            let text = b"x\n";
            for _ in 0..40_000 {
                nix::unistd::write(io::stdout(), text)?;
            }
        }
        "descriptors" => {
            let limit = libc::rlimit { rlim_cur: 64, rlim_max: 64 };
            // SAFETY: the pointer is to a live limit.
            unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) };
            let open = std::fs::read_dir("/proc/self/fd")?.flatten();
            let open =
                open.filter_map(|e| e.file_name().to_str()?.parse().ok());
            // The folder itself is among them.
            let open = open.filter(|fd: &usize| *fd < 64).count() - 1;
            let mut all = Vec::new();
            while let Ok(file) = std::fs::File::open("/dev/null") {
                all.push(file);
            }
            println!("main: {open} and {} more", all.len());
            let worker = thread::spawn(|| println!("worker: well"));
            worker.join().expect("no panic");
        }
        "errno" => {
            // SAFETY: the descriptor is none, which is what is tried.
            let result = unsafe { libc::write(77, b"x".as_ptr().cast(), 1) };
            let error = io::Error::last_os_error();
            println!("main: {result}, {error}");
        }
        other => {
            eprintln!("speak: no such thing as `{other}`");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Does `act` in a child, which ends by `_exit`.
fn forked(act: impl FnOnce()) -> io::Result<Pid> {
    // SAFETY: this process has a single thread.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            act();
            let _ = io::stdout().flush();
            // SAFETY: ends this process.
            unsafe { libc::_exit(0) }
        }
    }
}

/// A child that shares this process's memory moves its own standard output; that
/// of this process stays what it is.
fn vforked() -> io::Result<()> {
    let null = std::fs::File::create("/dev/null")?;
    let null = std::os::fd::AsRawFd::as_raw_fd(&null);
    // SAFETY: the child calls nothing but dup2, write and _exit, and does not
    // return.
    #[allow(deprecated, reason = "it is what is tried")]
    let child = unsafe {
        match libc::vfork() {
            0 => {
                libc::dup2(null, 1);
                libc::_exit(0)
            }
            child => child,
        }
    };
    waitpid(Pid::from_raw(child), None)?;
    println!("main: well");
    Ok(())
}

type Routine = extern "C-unwind" fn(*mut libc::c_void) -> *mut libc::c_void;

unsafe extern "C-unwind" {
    fn pthread_exit(value: *mut libc::c_void) -> !;
    fn pthread_cancel(thread: libc::pthread_t) -> c_int;
    fn pthread_create(
        thread: *mut libc::pthread_t,
        attributes: *const libc::pthread_attr_t,
        routine: Routine,
        argument: *mut libc::c_void,
    ) -> c_int;
}

/// Ends in the middle.
extern "C-unwind" fn leave(_: *mut libc::c_void) -> *mut libc::c_void {
    say(b"leaver: well\n");
    // SAFETY: nothing is on the stack that is to be dropped.
    unsafe { pthread_exit(std::ptr::null_mut()) }
}

/// Waits to be cancelled, in a call that the library stands before.
extern "C-unwind" fn be_cancelled(_: *mut libc::c_void) -> *mut libc::c_void {
    say(b"cancelled: well\n");
    let mut pipe = [0; 2];
    // SAFETY: the pipe is this thread's own; a write to it fills it up at last,
    // and is where the thread is cancelled.
    unsafe {
        libc::pipe(pipe.as_mut_ptr());
        loop {
            libc::write(pipe[1], [0_u8; 4096].as_ptr().cast(), 4096);
        }
    }
}

fn run(routine: Routine) {
    let mut thread = 0;
    let none = std::ptr::null_mut();
    // SAFETY: the routine is one, and the thread is joined once.
    unsafe {
        pthread_create(&mut thread, std::ptr::null(), routine, none);
        sleep(Duration::from_millis(20));
        pthread_cancel(thread);
        libc::pthread_join(thread, std::ptr::null_mut());
    }
}

fn say(text: &[u8]) {
    // SAFETY: the bytes are there.
    unsafe { libc::write(1, text.as_ptr().cast(), text.len()) };
}

extern "C" fn handle(_: c_int) {
    say(b"handler: well\n");
}
