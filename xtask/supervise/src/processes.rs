//! The processes below another one.

#[cfg(target_os = "linux")]
pub(crate) use linux::Processes;
#[cfg(not(target_os = "linux"))]
pub(crate) use portable::Processes;

use nix::unistd::Pid;

/// A process, looked at.
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) command: String,
    /// It waits to be waited for, or is in the middle of its exit.
    pub(crate) ended: bool,
}

impl Process {
    pub(crate) fn describe(&self) -> String {
        let Process { pid, command, ended } = self;
        if *ended {
            format!("process {pid} ({command}) ended and was not waited for")
        } else {
            format!("process {pid} ({command}) still runs")
        }
    }
}

/// What a thread has had of the processors, and what it has waited for them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    pub(crate) thread: i32,
    /// Nanoseconds on a processor.
    pub(crate) ran: u64,
    /// Nanoseconds in which it could have run and was not let.
    pub(crate) waited: u64,
    /// Whether it runs or waits to run at this moment.
    pub(crate) runnable: bool,
    /// When it was started, in hundredths of a second of the machine's time.
    pub(crate) started: u64,
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, Read};
    use std::os::fd::OwnedFd;

    use nix::dir::Dir;
    use nix::fcntl::{OFlag, open, openat};
    use nix::sys::stat::Mode;
    use nix::unistd::Pid;

    use super::{Process, Share};

    /// `/proc`, opened beforehand: a program may unmount it.
    #[derive(Debug)]
    pub(crate) struct Processes(OwnedFd);

    const FOLDER: OFlag = OFlag::O_DIRECTORY.union(OFlag::O_CLOEXEC);

    impl Processes {
        pub(crate) fn open() -> io::Result<Processes> {
            Ok(Processes(open("/proc", FOLDER, Mode::empty())?))
        }

        /// What stands in a file of `/proc`; nothing where it is no more.
        pub(crate) fn read(&self, file: &str) -> Vec<u8> {
            let mut bytes = Vec::new();
            let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
            if let Ok(file) = openat(&self.0, file, flags, Mode::empty()) {
                let _ = std::fs::File::from(file).read_to_end(&mut bytes);
            }
            bytes
        }

        fn text(&self, file: &str) -> String {
            String::from_utf8_lossy(&self.read(file)).into_owned()
        }

        /// The threads of a process.
        fn threads(&self, pid: Pid) -> Vec<i32> {
            let folder = format!("{pid}/task");
            let folder = Dir::openat(&self.0, &*folder, FOLDER, Mode::empty());
            let Ok(folder) = folder else { return Vec::new() };
            let names = folder.into_iter().flatten();
            names
                .filter_map(|e| e.file_name().to_str().ok()?.parse().ok())
                .collect()
        }

        /// Every process below `root`, nearest first.
        pub(crate) fn below(&self, root: Pid) -> Vec<Pid> {
            let mut found = Vec::new();
            let mut parents = vec![root];
            while let Some(parent) = parents.pop() {
                for thread in self.threads(parent) {
                    let file = format!("{parent}/task/{thread}/children");
                    for pid in self.text(&file).split_whitespace() {
                        let Ok(pid) = pid.parse() else { continue };
                        let pid = Pid::from_raw(pid);
                        parents.push(pid);
                        found.push(pid);
                    }
                }
            }
            found
        }

        /// `None` where the process is no more.
        pub(crate) fn look_at(&self, pid: Pid) -> Option<Process> {
            /// The kernel's mark on a task that is in its exit: `PF_EXITING`.
            const EXITING: u32 = 0x4;
            let arguments = self.text(&format!("{pid}/cmdline"));
            let arguments = arguments.trim_end_matches('\0').replace('\0', " ");
            // Read last: the exit begins before the command line goes.
            let stat = self.text(&format!("{pid}/stat"));
            let (before, after) = stat.rsplit_once(") ")?;
            let (_, name) = before.split_once(" (")?;
            let mut fields = after.split(' ');
            let zombie = fields.next() == Some("Z");
            let flags: u32 = fields.nth(5)?.parse().ok()?;
            let command =
                if arguments.is_empty() { name.into() } else { arguments };
            Some(Process {
                pid,
                command,
                ended: zombie || flags & EXITING != 0,
            })
        }

        /// What the threads of these processes have had of the processors.
        pub(crate) fn shares(&self, processes: &[Pid]) -> Vec<Share> {
            let mut shares = Vec::new();
            for pid in processes {
                for thread in self.threads(*pid) {
                    shares.extend(self.share(*pid, thread));
                }
            }
            shares
        }

        fn share(&self, pid: Pid, thread: i32) -> Option<Share> {
            let times = self.text(&format!("{pid}/task/{thread}/schedstat"));
            let mut times = times.split_whitespace();
            let mut number = || times.next()?.parse().ok();
            let (ran, waited) = (number()?, number()?);
            let stat = self.text(&format!("{pid}/task/{thread}/stat"));
            let (_, after) = stat.rsplit_once(") ")?;
            let mut fields = after.split(' ');
            let runnable = fields.next() == Some("R");
            let started = fields.nth(18)?.parse().ok()?;
            Some(Share { thread, ran, waited, runnable, started })
        }

        /// The machine's time, in hundredths of a second.
        pub(crate) fn now(&self) -> u64 {
            let uptime = self.text("uptime");
            let seconds = uptime.split(' ').next().unwrap_or_default();
            let digits: String =
                seconds.chars().filter(char::is_ascii_digit).collect();
            digits.parse().unwrap_or(0)
        }
    }
}

/// As `ps` shows it where there is no `/proc`. An orphan that has gone to the init
/// process is not among them.
#[cfg(not(target_os = "linux"))]
mod portable {
    use std::io;
    use std::process::Command;

    use nix::unistd::Pid;

    use super::{Process, Share};

    #[derive(Debug)]
    pub(crate) struct Processes;

    impl Processes {
        pub(crate) fn open() -> io::Result<Processes> {
            Ok(Processes)
        }

        pub(crate) fn read(&self, _: &str) -> Vec<u8> {
            Vec::new()
        }

        pub(crate) fn below(&self, root: Pid) -> Vec<Pid> {
            let listing = ps(&["-axo", "pid=,ppid=,comm="]);
            let rows: Vec<(i32, i32)> = listing
                .lines()
                .filter(|line| !line.ends_with("ps"))
                .filter_map(|line| {
                    let mut cells = line.split_whitespace();
                    let pid = cells.next()?.parse().ok()?;
                    Some((pid, cells.next()?.parse().ok()?))
                })
                .collect();
            let mut below = vec![root.as_raw()];
            let mut next = 0;
            while let Some(parent) = below.get(next).copied() {
                let children = rows.iter().filter(|(_, p)| *p == parent);
                below.extend(children.map(|(pid, _)| *pid));
                next += 1;
            }
            below.into_iter().skip(1).map(Pid::from_raw).collect()
        }

        pub(crate) fn look_at(&self, pid: Pid) -> Option<Process> {
            let number = pid.to_string();
            let row = ps(&["-o", "stat=,command=", "-p", &number]);
            let (state, command) = row.trim().split_once(' ')?;
            let ended = state.starts_with('Z');
            Some(Process { pid, command: command.trim().to_owned(), ended })
        }

        pub(crate) fn shares(&self, _: &[Pid]) -> Vec<Share> {
            Vec::new()
        }

        pub(crate) fn now(&self) -> u64 {
            0
        }
    }

    fn ps(arguments: &[&str]) -> String {
        let output = Command::new("ps").args(arguments).output();
        let output = output.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&output).into_owned()
    }
}
