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
    pub(crate) cores: Cores,
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

/// Who runs where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cores {
    /// All on the first that this process may use.
    One,
    /// Each thread and process that shares the work on one of its own, in turn.
    Spread,
    /// As the kernel chooses.
    Free,
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

/// The sum of 1 to n.
fn series(n: u64) -> u64 {
    n * (n + 1) / 2
}

/// The pages of 64 MB by their numbers.
fn pages(n: u64) -> u64 {
    n * series(16_383)
}

fn chained(x: u64, steps: u64) -> u64 {
    (0..steps).fold(x, |x, _| (x * 1_103_515_245 + 12345) % 2_147_483_647)
}

/// Four tasks of 100,000 steps.
fn large(n: u64) -> u64 {
    n * (0..4).map(|i| chained(i, 100_000)).sum::<u64>()
}

fn chain(n: u64) -> u64 {
    n * chained(1, 10_000)
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
    cores: Cores::Free,
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

/// What the rows of echo share.
const ECHO: Row = Row {
    unit: "message",
    cores: Cores::One,
    claims: &[
        Claim {
            notes: "N0:232, N0:1146, N2:41, N2:693",
            says: "For many connections asyncio beats threads (Python)",
            dear: "`ThreadingTCPServer`",
            cheap: "asyncio streams",
            but: "In throughput: a thread blocks in the kernel without the GIL, while \
                  each event of asyncio goes through its selector and callbacks. \
                  What asyncio saves is memory and locks; see those rows.",
            ..CLAIM
        },
        Claim {
            notes: "N2:45, N2:697",
            says: "Threads lose time to switches (Rust)",
            dear: "a thread for each",
            cheap: "tokio, one thread",
            ..CLAIM
        },
    ],
    text: "64 bytes on each connection, then all the answers. The load is the same \
           Rust for all, and its time is in every figure. Server and load are two \
           processes, both pinned to one core: on two, how long each wake-up takes \
           counts for more than the server.",
    ..BASE
};

/// What the rows of HTTP share.
const HTTP: Row = Row {
    unit: "request",
    cores: Cores::One,
    claims: &[
        Claim {
            notes: "N2:41, N2:687, N2:689, N2:693",
            says: "A web server serves many by asyncio for less than by threads \
                   (Python)",
            dear: "`ThreadingHTTPServer`",
            cheap: "asyncio streams, by hand",
            but: "`http.server` reads its head by the parser of e-mail; what the loop \
                  alone saves is in the rows of echo.",
            ..CLAIM
        },
        Claim {
            notes: "N2:45, N2:697",
            says: "Threads lose time to switches (Rust)",
            dear: "httparse, a thread for each",
            cheap: "hyper, one thread",
            but: "hyper does more than its parser: limits, bodies, upgrades.",
            ..CLAIM
        },
    ],
    text: "HTTP/1.1 on connections that are kept. A request on each, then all the \
           answers: the path comes back as the body. The limit sends the same bytes \
           without reading what it was asked. No server of the standard library \
           speaks HTTP for asyncio: there the head is split by hand. Load and cores \
           as for echo.",
    ..BASE
};

/// All rows, in the order of the page.
pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "start",
        title: "Start and join",
        unit: "start and join",
        cores: Cores::One,
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
                notes: "N0:135, N0:145, N1:52, N1:57",
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
               hides the rest. The CPU figure of forkserver lacks what its children use. \
               Python 3.14 makes forkserver the default on Linux.",
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
                cheap: "`threading.Thread`",
                holds: Holds::Below(0.1),
                but: "Beside a thread. In itself it is close to a kilobyte: 100,000 of \
                      them take some 90 MB, tasks of tokio a third of that.",
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
        cores: Cores::One,
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
        cores: Cores::One,
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
    Row {
        name: "queue-1-1",
        title: "Bounded queue: one producer, one consumer",
        unit: "item",
        cores: Cores::Spread,
        least: 16,
        work: series,
        sides: &[
            limit("ring of atomics", "queues.ring_11"),
            rust("`sync_channel`", "queues.std_11"),
            rust("crossbeam", "queues.crossbeam_11"),
            rust("flume", "queues.flume_11"),
            rust("kanal", "queues.kanal_11"),
            rust("tokio `mpsc`, one thread", "queues.tokio_11"),
            python("`queue.Queue`", "queues.queue_11"),
            python("`queue.SimpleQueue`", "queues.simple_11"),
            python("`asyncio.Queue`", "queues.async_11"),
        ],
        claims: &[
            Claim {
                notes: "N0:1139, N0:1147",
                says: "Coroutines hand over data for less than threads (Python)",
                dear: "`queue.Queue`",
                cheap: "`asyncio.Queue`",
                ..CLAIM
            },
            Claim {
                notes: "N0:194",
                says: "Cooperative tasks hand over data for less than threads (Rust)",
                dear: "crossbeam",
                cheap: "tokio `mpsc`, one thread",
                but: "Where both sides have a core each, threads overlap; tasks of one \
                      thread take turns.",
                ..CLAIM
            },
        ],
        text: "Capacity 1,024, numbers from 1 to n, summed on the other side. The limit \
               is a ring with two counters, told 64 items at a time; it never calls \
               the kernel while there is work. `SimpleQueue` has no bound. Queues on \
               two cores are the row that differs most from run to run: how closely \
               one side follows the other decides how many cache lines travel.",
        ..BASE
    },
    Row {
        name: "queue-4-4",
        title: "Bounded queue: 4 producers, 4 consumers",
        unit: "item",
        cores: Cores::Spread,
        least: 64,
        work: series,
        sides: &[
            limit("ring of atomics", "queues.ring_44"),
            rust("`sync_channel`, receiver in a `Mutex`", "queues.std_44"),
            rust("crossbeam", "queues.crossbeam_44"),
            rust("flume", "queues.flume_44"),
            rust("kanal", "queues.kanal_44"),
            python("`queue.Queue`", "queues.queue_44"),
            python("`queue.SimpleQueue`", "queues.simple_44"),
            python("`asyncio.Queue`", "queues.async_44"),
        ],
        claims: &[],
        text: "As above. The limit is a ring for each pair, so that nobody \
               shares. std has one receiver alone: several share it by a \
               lock; tokio the same, so it is not here.",
        ..BASE
    },
    Row {
        name: "queue-1-4",
        title: "Bounded queue: one producer, 4 consumers",
        unit: "item",
        cores: Cores::Spread,
        least: 16,
        work: series,
        sides: &[
            limit("ring of atomics", "queues.ring_14"),
            rust("`sync_channel`, receiver in a `Mutex`", "queues.std_14"),
            rust("crossbeam", "queues.crossbeam_14"),
            rust("flume", "queues.flume_14"),
            rust("kanal", "queues.kanal_14"),
            python("`queue.Queue`", "queues.queue_14"),
            python("`queue.SimpleQueue`", "queues.simple_14"),
            python("`asyncio.Queue`", "queues.async_14"),
        ],
        claims: &[],
        text: "As above, with one who sends and four who take.",
        ..BASE
    },
    Row {
        name: "lock-1",
        title: "Lock, add one, unlock: one thread",
        unit: "addition",
        cores: Cores::Spread,
        least: 4,
        sides: &[
            limit("atomic `fetch_add`", "locks.atomic_1"),
            rust("`Mutex`", "locks.std_1"),
            rust("parking_lot `Mutex`", "locks.parking_lot_1"),
            rust("`RwLock`, write", "locks.write_1"),
            rust("`RwLock`, read alone", "locks.read_1"),
            python("`threading.Lock`", "locks.lock_1"),
            python("`threading.RLock`", "locks.rlock_1"),
        ],
        claims: &[Claim {
            notes: "N0:97, N0:110",
            says: "A lock for each object would slow a program of one thread",
            dear: "`Mutex`",
            cheap: "atomic `fetch_add`",
            holds: Holds::Above(1.2),
            but: "Two atomic instructions in place of one, some nanoseconds: that \
                      was the reason for the GIL.",
            ..CLAIM
        }],
        text: "Nobody else wants the lock: the price of being ready for it.",
        ..BASE
    },
    Row {
        name: "lock-2",
        title: "Lock, add one, unlock: 2 threads",
        unit: "addition",
        cores: Cores::Spread,
        least: 8,
        sides: &[
            limit("atomic `fetch_add`, one thread alone", "locks.atomic_1"),
            rust("atomic `fetch_add`", "locks.atomic_2"),
            rust("`Mutex`", "locks.std_2"),
            rust("parking_lot `Mutex`", "locks.parking_lot_2"),
            rust("`RwLock`, write", "locks.write_2"),
            rust("`RwLock`, read alone", "locks.read_2"),
            python("`threading.Lock`", "locks.lock_2"),
            python("`threading.RLock`", "locks.rlock_2"),
        ],
        claims: &[Claim {
            notes: "N2:45",
            says: "Many locks make the code run one after another",
            dear: "`Mutex`",
            cheap: "atomic `fetch_add`",
            but: "A short section under a lock that two threads want is the worst \
                      case; see the row of one thread for the best.",
            ..CLAIM
        }],
        text: "All want the same lock all the time, the worst case. How fast a cache \
               line goes from core to core, which on virtual ones changes with the \
               minutes, is in every contended figure; not in Python's, where one thread \
               runs at a time, nor in the limit. Reading \
               under a read lock changes nothing in the data and yet writes \
               the count of readers, so it is no faster than the rest.",
        ..BASE
    },
    Row {
        name: "lock-4",
        title: "Lock, add one, unlock: 4 threads",
        unit: "addition",
        cores: Cores::Spread,
        least: 16,
        sides: &[
            limit("atomic `fetch_add`, one thread alone", "locks.atomic_1"),
            rust("atomic `fetch_add`", "locks.atomic_4"),
            rust("`Mutex`", "locks.std_4"),
            rust("parking_lot `Mutex`", "locks.parking_lot_4"),
            rust("`RwLock`, write", "locks.write_4"),
            rust("`RwLock`, read alone", "locks.read_4"),
            python("`threading.Lock`", "locks.lock_4"),
            python("`threading.RLock`", "locks.rlock_4"),
        ],
        claims: &[],
        text: "More threads than cores: who holds the lock may not be \
               running.",
        ..BASE
    },
    Row {
        name: "false-sharing",
        title: "False sharing: 2 threads, a counter each",
        unit: "addition",
        cores: Cores::Spread,
        least: 8,
        sides: &[
            limit("a cache line each", "locks.apart_2"),
            rust("one cache line", "locks.together_2"),
        ],
        text: "No data is shared, and yet the processors pass the line to and fro. \
               No Python form: under the GIL one thread runs at a time.",
        ..BASE
    },
    Row {
        name: "bulk",
        title: "64 MB to another process",
        unit: "64 MB",
        cores: Cores::Spread,
        work: pages,
        sides: &[
            limit("copy within a process", "bulk.copy"),
            rust("memfd shared, reused", "bulk.shared"),
            rust("`UnixStream::pair`", "bulk.socketpair"),
            rust("`pipe`", "bulk.pipe"),
            rust("TCP on loopback", "bulk.tcp"),
            rust("ipc-channel, `IpcSharedMemory`", "bulk.ipc_channel"),
            python("`shared_memory`, reused", "bulk.shared"),
            python("`Pipe`, `recv_bytes`", "bulk.connection"),
            python("`Pipe`, `recv_bytes_into`", "bulk.into"),
            python("TCP on loopback, `recv_into`", "bulk.tcp"),
            python("`Queue`, bytes", "bulk.queue"),
        ],
        claims: &[
            Claim {
                notes: "N2:228",
                says: "Shared memory is much faster than a pipe or a queue (Python)",
                dear: "`Pipe`, `recv_bytes`",
                cheap: "`shared_memory`, reused",
                holds: Holds::Above(1.5),
                sure: true,
                ..CLAIM
            },
            Claim {
                notes: "N2:228",
                says: "Shared memory is much faster than a queue (Python)",
                dear: "`Queue`, bytes",
                cheap: "`shared_memory`, reused",
                holds: Holds::Above(1.5),
                sure: true,
                ..CLAIM
            },
        ],
        text: "The sender has the bytes; the receiver looks at a word of each page and \
               answers their sum. Memory that is mapped once and used again costs the \
               copy alone. `IpcSharedMemory` makes a new mapping for each message: \
               the kernel clears its pages before they are written.",
        ..BASE
    },
    Row {
        name: "pool-tiny",
        title: "Pool of 2: a thousand tiny tasks",
        unit: "1,000 tasks",
        cores: Cores::Spread,
        work: |n| n * 332_833_500,
        sides: &[
            limit("no pool: a loop", "pools.loop_tiny"),
            rust("2 threads, one atomic index", "pools.index_tiny"),
            rust("rayon", "pools.rayon_tiny"),
            rust("threads and a channel", "pools.channel_tiny"),
            rust("a thread for each task", "pools.spawn_tiny"),
            rust("processes, one at a time", "pools.processes_tiny"),
            rust("processes, in 2 chunks", "pools.chunks_tiny"),
            python("no pool: `map`", "pools.loop_tiny"),
            python("`ThreadPoolExecutor`", "pools.threads_tiny"),
            python("`ProcessPoolExecutor`", "pools.executor_tiny"),
            python(
                "`ProcessPoolExecutor`, 2 chunks",
                "pools.executor_chunks_tiny",
            ),
            python("`Pool`, chunks as they come", "pools.pool_tiny"),
            python("`Pool`, `chunksize=1`", "pools.pool_one_tiny"),
            python("`InterpreterPoolExecutor`", "pools.interpreters_tiny"),
        ],
        claims: &[
            Claim {
                notes: "N0:421",
                says: "A pool is cheaper than a new thread for each task (Rust)",
                dear: "a thread for each task",
                cheap: "threads and a channel",
                sure: true,
                ..CLAIM
            },
            Claim {
                notes: "N4:108, N4:121",
                says: "To share work out costs time of its own",
                dear: "`ThreadPoolExecutor`",
                cheap: "no pool: `map`",
                holds: Holds::Above(10.0),
                sure: true,
                but: "Tasks this small are best not shared out at all, in either \
                      language.",
            },
            Claim {
                notes: "",
                says: "Rust is faster whatever one does",
                dear: "`Pool`, chunks as they come",
                cheap: "processes, one at a time",
                but: "Python's `Pool` sends chunks by itself, and so beats a pool of \
                      Rust processes that is sent one task at a time. Send chunks.",
                ..CLAIM
            },
        ],
        text: "Each task multiplies two numbers: what is measured is the handing over. \
               The pools are there before the first slice. Whether a thread is still \
               awake when the next batch comes is chance, and a wake-up costs as much \
               as many tasks.",
        ..BASE
    },
    Row {
        name: "pool-large",
        title: "Pool of 2: four large tasks",
        unit: "4 tasks",
        cores: Cores::Spread,
        work: large,
        sides: &[
            limit("2 threads, one atomic index", "pools.index_large"),
            rust("no pool: a loop", "pools.loop_large"),
            rust("rayon", "pools.rayon_large"),
            rust("threads and a channel", "pools.channel_large"),
            rust("a thread for each task", "pools.spawn_large"),
            rust("processes, one at a time", "pools.processes_large"),
            python("no pool: `map`", "pools.loop_large"),
            python("`ThreadPoolExecutor`", "pools.threads_large"),
            python("`ProcessPoolExecutor`", "pools.executor_large"),
            python("`Pool`", "pools.pool_large"),
            python("`InterpreterPoolExecutor`", "pools.interpreters_large"),
        ],
        claims: &[
            Claim {
                notes: "N0:117, N0:871, N4:815",
                says: "Threads do not speed up work for the processor (Python)",
                dear: "no pool: `map`",
                cheap: "`ThreadPoolExecutor`",
                holds: Holds::Below(1.2),
                but: "With the GIL; a free-threaded build of Python 3.14 does.",
                ..CLAIM
            },
            Claim {
                notes: "N0:120, N0:876, N1:58, N4:838",
                says: "Processes do (Python)",
                dear: "no pool: `map`",
                cheap: "`ProcessPoolExecutor`",
                holds: Holds::Above(1.1),
                ..CLAIM
            },
        ],
        text: "Each task is a chain of 100,000 multiplications and divisions, each of \
               which needs the one before: the handing over no longer counts.",
        ..BASE
    },
    Row {
        name: "cpu",
        title: "Work for the processor, shared out",
        unit: "chain of 10,000",
        cores: Cores::Spread,
        least: 20,
        work: chain,
        sides: &[
            limit("Rust, one thread", "pools.work_1"),
            rust("2 threads", "pools.work_2"),
            rust("4 threads", "pools.work_4"),
            rust("rayon, 2 threads", "pools.work_rayon"),
            python("one thread", "pools.work_1"),
            python("2 `threading` threads", "pools.work_2"),
            python("4 `threading` threads", "pools.work_4"),
            python("`Pool` of 2 processes", "pools.work_processes"),
            python("2 interpreters", "pools.work_interpreters"),
        ],
        claims: &[
            Claim {
                notes: "N0:117, N0:235, N2:642, N4:292, N4:815",
                says: "Threads of Python do not speed up work for the processor",
                dear: "one thread",
                cheap: "2 `threading` threads",
                holds: Holds::Below(1.2),
                but: "With the GIL; a free-threaded build of Python 3.14 does.",
                ..CLAIM
            },
            Claim {
                notes: "N0:235, N4:310",
                says: "Only processes do",
                dear: "one thread",
                cheap: "`Pool` of 2 processes",
                holds: Holds::Above(1.1),
                but: "In this Python; subinterpreters and free-threaded builds do so \
                      too, and in Rust threads do.",
                ..CLAIM
            },
            Claim {
                notes: "N4:303",
                says: "Threads use one core alone (Rust)",
                dear: "Rust, one thread",
                cheap: "2 threads",
                holds: Holds::Below(1.1),
                but: "Threads of Rust use all cores.",
                ..CLAIM
            },
            Claim {
                notes: "N4:110, N4:122",
                says: "Two cores never make it twice as fast",
                dear: "Rust, one thread",
                cheap: "2 threads",
                holds: Holds::Below(2.0),
                but: "Two virtual cores may be two halves of a real one; see the CPU \
                      column, which grows with them.",
                ..CLAIM
            },
        ],
        text: "One thread is the control of the same run: a figure below 1 beside it is \
               a speed-up. A CPU figure above 1 is what sharing cost: on a machine \
               whose virtual cores share a real one each does less while both work.",
        ..BASE
    },
    Row {
        name: "gather",
        title: "Ten thousand at once",
        unit: "task",
        cores: Cores::One,
        least: 10_000,
        work: |n| n / 10_000 * series(9_999),
        sides: &[
            limit("boxed futures, polled", "tasks.gather_poll"),
            rust("`tokio::spawn`, handles", "tasks.gather_handles"),
            rust("`JoinSet`", "tasks.gather_set"),
            python("`asyncio.gather`", "tasks.gather"),
            python("`TaskGroup`", "tasks.gather_group"),
        ],
        claims: &[Claim {
            notes: "N0:1147, N2:707, N4:294",
            says: "Tens of thousands of coroutines take practically no time",
            dear: "`asyncio.gather`",
            cheap: "`JoinSet`",
            holds: Holds::Below(1.0),
            but: "Microseconds each: 10,000 of them take tens of milliseconds, in \
                      which the loop does nothing else.",
            ..CLAIM
        }],
        text: "10,000 tasks that answer at once are started and waited for together.",
        ..BASE
    },
    Row {
        name: "timers",
        title: "A timer, with 100,000 waiting",
        unit: "armed and cancelled",
        cores: Cores::One,
        sides: &[
            limit("heap, push and pop", "tasks.timer_heap"),
            rust("`tokio::time::sleep`", "tasks.timer_tokio"),
            python("`loop.call_later`", "tasks.timer"),
            python("`threading.Timer`", "tasks.timer_thread"),
        ],
        text: "tokio keeps a wheel, asyncio a heap that it clears of what was cancelled \
               in its own turns; `threading.Timer` is a thread for each (its 100,000 \
               others are spared).",
        ..BASE
    },
    Row {
        name: "cancel",
        title: "Cancel one that waits",
        unit: "started and cancelled",
        cores: Cores::One,
        sides: &[
            limit("boxed future, dropped", "tasks.cancel_drop"),
            rust("`JoinHandle::abort`", "tasks.cancel_tokio"),
            rust("thread, flag and `unpark`", "tasks.cancel_thread"),
            rust("process, SIGTERM", "tasks.cancel_process"),
            python("`Task.cancel`", "tasks.cancel"),
            python("thread, `Event.set`", "tasks.cancel_thread"),
            python("`Process.terminate`", "tasks.cancel_process"),
        ],
        claims: &[Claim {
            notes: "N0:1147, N4:294",
            says: "To end a coroutine takes no time",
            dear: "`Task.cancel`",
            cheap: "`JoinHandle::abort`",
            holds: Holds::Below(1.0),
            but: "An exception travels through it, and its loop takes two turns.",
            ..CLAIM
        }],
        text: "Start one that waits for ever, ask it to end, see that it has. A future \
               of Rust that is dropped is cancelled; a thread must look by itself.",
        ..BASE
    },
    Row {
        name: "echo-50",
        title: "TCP echo, 50 connections",
        least: 50,
        sides: &[
            limit("`epoll`, one thread", "echo.epoll_50"),
            rust("tokio, one thread", "echo.tokio_50"),
            rust("a thread for each", "echo.threads_50"),
            python("asyncio `Protocol`", "rust:echo.py_protocol_50"),
            python("asyncio streams", "rust:echo.py_streams_50"),
            python("asyncio streams, uvloop", "rust:echo.py_uvloop_50"),
            python("`ThreadingTCPServer`", "rust:echo.py_threads_50"),
        ],
        ..ECHO
    },
    Row {
        name: "echo-500",
        title: "TCP echo, 500 connections",
        least: 500,
        sides: &[
            limit("`epoll`, one thread", "echo.epoll_500"),
            rust("tokio, one thread", "echo.tokio_500"),
            rust("a thread for each", "echo.threads_500"),
            python("asyncio `Protocol`", "rust:echo.py_protocol_500"),
            python("asyncio streams", "rust:echo.py_streams_500"),
            python("asyncio streams, uvloop", "rust:echo.py_uvloop_500"),
            python("`ThreadingTCPServer`", "rust:echo.py_threads_500"),
        ],
        ..ECHO
    },
    Row {
        name: "http-50",
        title: "HTTP, 50 connections",
        least: 50,
        sides: &[
            limit("`epoll`, the same bytes", "web.epoll_50"),
            rust("hyper, one thread", "web.hyper_50"),
            rust("httparse, a thread for each", "web.threads_50"),
            python("asyncio streams, by hand", "rust:web.py_streams_50"),
            python("the same, uvloop", "rust:web.py_uvloop_50"),
            python("`ThreadingHTTPServer`", "rust:web.py_threads_50"),
        ],
        ..HTTP
    },
    Row {
        name: "http-500",
        title: "HTTP, 500 connections",
        least: 500,
        sides: &[
            limit("`epoll`, the same bytes", "web.epoll_500"),
            rust("hyper, one thread", "web.hyper_500"),
            rust("httparse, a thread for each", "web.threads_500"),
            python("asyncio streams, by hand", "rust:web.py_streams_500"),
            python("the same, uvloop", "rust:web.py_uvloop_500"),
            python("`ThreadingHTTPServer`", "rust:web.py_threads_500"),
        ],
        ..HTTP
    },
    Row {
        name: "redis",
        title: "Redis on loopback: count",
        unit: "`INCR`",
        cores: Cores::One,
        least: 100,
        sides: &[
            limit("TCP echo of 8 bytes", "store.echo"),
            rust("redis", "store.incr"),
            rust("redis, 100 in one", "store.pipeline"),
            python("socket by hand", "store.incr"),
            python("socket by hand, 100 in one", "store.pipeline"),
            python("redis-py", "store.client"),
        ],
        text: "A broker costs a round trip through the kernel and a server beside it; \
               whoever can send a hundred at once should. All on one core, the server \
               too.",
        ..BASE
    },
];

#[cfg(test)]
mod tests {
    use super::{Language, ROWS};

    #[test]
    fn each_row_is_whole() {
        for (i, row) in ROWS.iter().enumerate() {
            let name = row.name;
            assert!(
                ROWS[..i].iter().all(|other| other.name != name),
                "{name} twice"
            );
            assert_eq!(row.sides[0].language, Language::Limit, "{name}");
            assert!(!row.title.is_empty() && !row.text.is_empty(), "{name}");
            for (i, side) in row.sides.iter().enumerate() {
                let form = side.form;
                let mut before = row.sides[..i].iter();
                assert!(
                    before.all(|other| other.form != form),
                    "{name}: {form} twice"
                );
                assert!(!form.contains('|'), "{name}: {form} breaks the table");
            }
            for claim in row.claims {
                for form in [claim.dear, claim.cheap] {
                    let known = row.sides.iter().any(|side| side.form == form);
                    assert!(known, "{name}: no form is called {form}");
                }
            }
        }
    }

    #[test]
    fn what_work_comes_to() {
        assert_eq!(super::sum(3), 1 + 2);
        assert_eq!(super::sum(102), 4950 + 1);
        assert_eq!(super::series(4), 1 + 2 + 3 + 4);
    }
}
