//! The rows: what is compared, and which claim of the notes it answers.

use crate::Error;

/// One comparison.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// What stands in the table's first column: one of these.
    pub(crate) unit: &'static str,
    pub(crate) kind: Kind,
    /// All on one core, the first that this process may use.
    pub(crate) pinned: bool,
    /// How many operations are the least, and a divisor of every slice.
    pub(crate) least: u64,
    /// What `n` operations come to, on every side.
    pub(crate) work: fn(u64) -> u64,
    /// The limit first.
    pub(crate) sides: &'static [Side],
    pub(crate) claims: &'static [Claim],
    /// How it is measured, and what to see in it.
    pub(crate) text: &'static str,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Time,
    Memory,
}

/// One form: a worker and its name for the reader.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) language: Language,
    pub(crate) form: &'static str,
    pub(crate) worker: &'static str,
    /// Of a row about memory: how many it holds.
    pub(crate) hold: u64,
}

/// Whose form it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Language {
    Limit,
    Rust,
    Python,
}

/// What the notes say about cost, as a ratio of two forms of the row.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) notes: &'static str,
    pub(crate) says: &'static str,
    pub(crate) dear: &'static str,
    pub(crate) cheap: &'static str,
    /// The claim holds where dear / cheap is so.
    pub(crate) holds: Holds,
    /// Beyond doubt on any machine: `--check` insists.
    pub(crate) sure: bool,
    pub(crate) but: &'static str,
}

/// Where a claim holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    Above(f64),
    Below(f64),
}

const fn limit(form: &'static str, worker: &'static str) -> Side {
    Side { language: Language::Limit, form, worker, hold: 0 }
}

const fn rust(form: &'static str, worker: &'static str) -> Side {
    Side { language: Language::Rust, form, worker, hold: 0 }
}

const fn python(form: &'static str, worker: &'static str) -> Side {
    Side { language: Language::Python, form, worker, hold: 0 }
}

impl Side {
    const fn hold(self, hold: u64) -> Side {
        Side { hold, ..self }
    }
}

/// The sum of numbers that go from 0 to 99 again and again: an exit status
/// carries no more.
fn sum(n: u64) -> u64 {
    n / 100 * 4950 + (n % 100) * (n % 100).saturating_sub(1) / 2
}

fn same(n: u64) -> u64 {
    n
}

/// The rows with these names, or all.
pub(crate) fn named(names: &[String]) -> Result<Vec<&'static Row>, Error> {
    if names.is_empty() {
        return Ok(ROWS.iter().collect());
    }
    let find = |name: &String| {
        ROWS.iter().find(|row| row.name == name).ok_or_else(|| {
            let known: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
            format!("no row is called {name}; there are: {}", known.join(", "))
                .into()
        })
    };
    names.iter().map(find).collect()
}

const BASE: Row = Row {
    name: "",
    title: "",
    unit: "",
    kind: Kind::Time,
    pinned: false,
    least: 1,
    work: same,
    sides: &[],
    claims: &[],
    text: "",
};

const CLAIM: Claim = Claim {
    notes: "",
    says: "",
    dear: "",
    cheap: "",
    holds: Holds::Above(1.0),
    sure: false,
    but: "",
};

/// All rows, in the order of the page.
pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "start",
        title: "Start and join",
        unit: "start and join",
        pinned: true,
        work: sum,
        sides: &[
            limit("`clone`, `futex`", "start.clone"),
            rust("`std::thread`", "start.thread"),
            rust("`thread::scope`", "start.scope"),
            rust("`tokio::spawn`", "start.tokio"),
            rust("`fork`", "start.fork"),
            rust("`Command` (exec)", "start.command"),
            python("`threading.Thread`", "start.thread"),
            python("`asyncio.create_task`", "start.task"),
            python("`os.fork`", "start.os_fork"),
            python("`Process`, fork", "start.fork"),
            python("`Process`, forkserver", "start.forkserver"),
            python("`Process`, spawn", "start.spawn"),
        ],
        claims: &[
            Claim {
                notes: "N0:135, N0:145, N0:883, N1:52, N1:57, N2:21, N4:286",
                says: "A process costs more to start than a thread (Python)",
                dear: "`Process`, fork",
                cheap: "`threading.Thread`",
                sure: true,
                ..CLAIM
            },
            Claim {
                notes: "the same",
                says: "A process costs more to start than a thread (Rust)",
                dear: "`fork`",
                cheap: "`std::thread`",
                ..CLAIM
            },
            Claim {
                notes: "N2:705",
                says: "A coroutine starts faster than a thread",
                dear: "`threading.Thread`",
                cheap: "`asyncio.create_task`",
                sure: true,
                ..CLAIM
            },
            Claim {
                notes: "N4:294",
                says: "Starting and ending a coroutine takes no time",
                dear: "`asyncio.create_task`",
                cheap: "`tokio::spawn`",
                holds: Holds::Below(1.0),
                but: "It takes microseconds; a task of tokio takes a fraction of that.",
                ..CLAIM
            },
            Claim {
                notes: "N4:288, N4:823, N4:837",
                says: "A process of Python is heavy, as each loads an interpreter",
                dear: "`Process`, spawn",
                cheap: "`Process`, fork",
                sure: true,
                but: "True of spawn. A forked process shares the interpreter that \
                      is loaded already, and forkserver forks from a clean one.",
                ..CLAIM
            },
        ],
        text: "One at a time: start it, have it answer its number, wait for its \
               end. `spawn` and `Command` load a program from its file, the \
               others do not. Pinned to one core, so that no wake-up of another core \
               hides the rest. Python 3.14 makes forkserver the default on Linux.",
        ..BASE
    },
    Row {
        name: "memory",
        title: "Memory of one that waits",
        unit: "bytes each",
        kind: Kind::Memory,
        sides: &[
            limit("a thread of raw `clone`, 4 kB of stack", "memory.clone")
                .hold(1000),
            rust("`tokio::spawn`", "memory.tokio").hold(10_000),
            rust("`std::thread`", "memory.thread").hold(1000),
            rust("`fork`", "memory.fork").hold(40),
            python("`asyncio.create_task`", "memory.task").hold(10_000),
            python("`threading.Thread`", "memory.thread").hold(1000),
            python("`Process`, fork", "memory.fork").hold(20),
            python("`Process`, spawn", "memory.spawn").hold(4),
        ],
        claims: &[
            Claim {
                notes: "N0:1147, N2:705, N4:294",
                says: "A coroutine takes less memory than a thread",
                dear: "`threading.Thread`",
                cheap: "`asyncio.create_task`",
                holds: Holds::Above(2.0),
                sure: true,
                ..CLAIM
            },
            Claim {
                notes: "N4:294",
                says: "A coroutine takes practically no memory",
                dear: "`asyncio.create_task`",
                cheap: "`tokio::spawn`",
                holds: Holds::Below(1.0),
                but: "It takes a kilobyte or more; a task of tokio takes less.",
                ..CLAIM
            },
            Claim {
                notes: "N0:886, N4:288, N4:823, N4:836",
                says: "A process takes more memory than a thread",
                dear: "`Process`, fork",
                cheap: "`threading.Thread`",
                holds: Holds::Above(2.0),
                sure: true,
                ..CLAIM
            },
            Claim {
                notes: "N0:886, N4:825",
                says: "A process copies the memory of its parent",
                dear: "`Process`, spawn",
                cheap: "`Process`, fork",
                holds: Holds::Below(1.5),
                but: "After fork only the pages that one of the two writes to are \
                      copied, and spawn copies nothing: it loads all anew.",
                ..CLAIM
            },
        ],
        text: "1,000 threads, 10,000 tasks, 40 and 20 forked processes, 4 spawned \
               ones, all waiting; the proportional set size of the whole tree with \
               them less the one without. What the kernel holds for itself (16 kB of \
               stack for each thread) is in no column.",
        ..BASE
    },
    Row {
        name: "switch",
        title: "Hand over and back, on one core",
        unit: "turn",
        pinned: true,
        sides: &[
            limit("2 threads, `futex`", "switching.futex"),
            rust("2 threads, `park`", "switching.park"),
            rust("2 threads, `Condvar`", "switching.condvar"),
            rust("2 processes, `pipe`", "switching.pipe"),
            rust("2 tasks, tokio `yield_now`", "switching.tokio"),
            python("2 threads, `Lock`", "switching.lock"),
            python("2 threads, `Condition`", "switching.condition"),
            python("2 processes, `os.pipe`", "switching.pipe"),
            python("2 tasks, `sleep(0)`", "switching.task"),
            python("a generator, `send`", "switching.generator"),
        ],
        claims: &[
            Claim {
                notes: "N0:216, N2:697, N4:108",
                says: "A switch between threads is expensive",
                dear: "2 threads, `park`",
                cheap: "2 tasks, tokio `yield_now`",
                holds: Holds::Above(5.0),
                sure: true,
                but: "Expensive beside a switch of tasks, which never enters the \
                      kernel; in itself it is a few microseconds.",
                ..CLAIM
            },
            Claim {
                notes: "N0:179, N0:194",
                says: "Cooperative switching has less overhead than preemptive",
                dear: "2 threads, `Lock`",
                cheap: "2 tasks, `sleep(0)`",
                ..CLAIM
            },
            Claim {
                notes: "N0:862, N2:23",
                says: "Threads switch faster than processes",
                dear: "2 processes, `pipe`",
                cheap: "2 threads, `park`",
                ..CLAIM
            },
        ],
        text: "Two sides hand a turn to each other; one turn is there and back, \
               two switches. Pinned to one core, so that every hand-over is a \
               switch: between two virtual cores a wake-up costs about ten times \
               as much.",
        ..BASE
    },
    Row {
        name: "trip",
        title: "Round trip between processes, on one core",
        unit: "round trip",
        pinned: true,
        sides: &[
            limit("`futex` in shared memory", "trips.futex"),
            rust("`eventfd`", "trips.eventfd"),
            rust("`pipe`", "trips.pipe"),
            rust("`UnixStream::pair`", "trips.socketpair"),
            rust("Unix socket by path", "trips.unix"),
            rust("TCP on loopback", "trips.tcp"),
            rust("ipc-channel", "trips.ipc_channel"),
            python("`os.pipe`", "trips.pipe"),
            python("`socket.socketpair`", "trips.socketpair"),
            python("`multiprocessing.Pipe`", "trips.connection"),
            python("`multiprocessing.SimpleQueue`", "trips.simple_queue"),
            python("`multiprocessing.Queue`", "trips.queue"),
        ],
        claims: &[
            Claim {
                notes: "N0:914, N2:194",
                says: "A Queue of processes is a Pipe, with more about it",
                dear: "`multiprocessing.Queue`",
                cheap: "`multiprocessing.Pipe`",
                but: "A lock, and a thread that feeds it.",
                ..CLAIM
            },
            Claim {
                notes: "N2:211",
                says: "A pipe carries data efficiently, as it is the kernel's own",
                dear: "TCP on loopback",
                cheap: "`pipe`",
                sure: true,
                ..CLAIM
            },
        ],
        text: "A number goes to a process that lives on, and comes back with one \
               added. Pinned to one core: across two virtual cores each wake-up \
               costs tens of microseconds, and hides the rest.",
        ..BASE
    },
];
