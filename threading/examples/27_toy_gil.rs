//! Toy GIL: why `counter += 1` lost updates, and no longer does.
//!
//! Python: CPython itself, in `27_toy_gil.py`.
//! Notes: N0:89, N1:17, N2:281, N2:329, N2:376, N2:428, N2:461, N2:482, N2:695,
//! N3:36, N4:821.
//!
//! CPython's lock lets one thread at a time run bytecode. When the holder has
//! had its switch interval and others wait, it hands over, but only at certain
//! instructions. These decide what is atomic. The interpreter in
//! `src/toy_gil.rs` has such a lock, and is run with two sets of instructions:
//!
//! - Up to 3.9 CPython could hand over before most instructions. `counter += 1`
//!   is several; a thread that hands over between its load and its store comes
//!   back with an old value and stores it over all that the other has done.
//! - Since 3.10 it hands over at backward jumps and calls. The instructions
//!   stay together, until a call stands between them: `counter = counter +
//!   one()` loses again. So this is an accident, not a promise: use a lock.
//! - Around I/O the lock is let go. C code may let it go (NumPy does in long
//!   computations, `ctypes.CDLL` in each call) or keep it (`ctypes.PyDLL`).
//!
//! CPython's interval is 5 ms; the toy counts instructions, so all its runs are
//! the same. The sibling shows the same on the real thing, and starts a
//! free-threaded build with its lock on; without a lock all three lose. (Longer
//! than a screen, because the bytecode stands here too.)
//!
//! In the notes: before 3.2 the interval was 100 machine instructions. They
//! were instructions of bytecode. PyPy has such a lock too (N2:461). The
//! scheduler is said to give the core to threads that wait for the lock, in
//! vain (N2:695). They sleep, and wake once in an interval to ask for it. A
//! script is not made into machine code line by line (N4:821): all of it is
//! compiled to bytecode first.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! main: counter += 1 is load, load, binary, store
//! main: to hand over after {:text}
//! main: older: expected 40000, got {:int 1..39999}
//! main: newer: expected 40000, got 40000
//! main: newer, with a call inside: expected 40000, got {:int 1..39999}
//! reader: lets the lock go and reads
//! writer: counted to 20000 meanwhile, writes
//! reader: has the lock again, read 20000
//! main: C code that keeps the lock heard from the other thread: false
//! main: C code that lets it go heard from the other thread: true
//! ```
//!
//! Break it: `matches!(op, JumpBackward(_) | Call(_))` => `true`
//! Break it: `JumpBackward(_) | Call(_)` => `JumpBackward(_)`
//! Break it: `true, Duration::from_secs(5)` => `false, Duration::from_secs(1)`
//! Break it (Python): `counter = counter + one()` => `one(); counter += 1`
//! Break it (Python): `LETS_GO = ctypes.CDLL(None)` =>
//! `LETS_GO = ctypes.PyDLL(None)`, `5000` => `500`
//! Break it (Python): `KEEPS = ctypes.PyDLL(None)` =>
//! `KEEPS = ctypes.CDLL(None)`, `limit=20)` => `limit=2000)`

use std::thread;
use std::time::Duration;

use threading::toy_gil::Op::*;
use threading::toy_gil::{
    Code, Interpreter, Op, READER, SENDER, SWITCH_INTERVAL, native, repeat,
    writer,
};

/// def increase(): global counter; counter += 1
static INCREASE: Code = &[
    LoadGlobal("counter"),
    LoadConst(1),
    BinaryAdd,
    StoreGlobal("counter"),
    LoadConst(0),
    Return,
];

/// def one(): return 1
static ONE: Code = &[LoadConst(1), Return];

/// def increase(): global counter; counter = counter + one()
static INCREASE_BY_CALL: Code = &[
    LoadGlobal("counter"),
    Call(ONE),
    BinaryAdd,
    StoreGlobal("counter"),
    LoadConst(0),
    Return,
];

/// for _ in range(20_000): increase()
static WORK: Code = &repeat(20_000, INCREASE);
static WORK_BY_CALL: Code = &repeat(20_000, INCREASE_BY_CALL);

static WRITER: Code = &writer(WORK);
static KEEPS: Code = &native(false, Duration::from_millis(20));
static LETS_GO: Code = &native(true, Duration::from_secs(5));

fn older(_: Op) -> bool {
    true
}

fn newer(op: Op) -> bool {
    matches!(op, JumpBackward(_) | Call(_))
}

fn count(name: &str, tested_before: fn(Op) -> bool, code: Code) {
    let python = Interpreter::new(tested_before);
    let main = python.gil.take();
    thread::scope(|s| {
        s.spawn(|| python.run(code));
        s.spawn(|| python.run(code));
        python.gil.until_waiting(2);
        drop(main);
    });
    let counter = python.gil.take().get("counter");
    println!("main: {name}: expected 40000, got {counter}");
}

fn read_while_another_counts() -> std::io::Result<()> {
    let python = Interpreter::new(newer);
    let mut main = python.gil.take();
    thread::scope(|s| {
        let reader = thread::Builder::new().name("reader".into());
        reader.spawn_scoped(s, || python.run(READER))?;
        python.gil.until_waiting(1);
        main.hand_over(); // back when the reader reads
        let writer = thread::Builder::new().name("writer".into());
        writer.spawn_scoped(s, || python.run(WRITER))?;
        drop(main);
        Ok(())
    })
}

/// Whether native code hears from a thread that needs the lock to speak.
fn hear(code: Code) -> bool {
    let python = Interpreter::new(newer);
    thread::scope(|s| {
        s.spawn(|| python.run(code));
        s.spawn(|| {
            if python.native_begun.recv().is_ok() {
                python.run(SENDER);
            }
        });
    });
    python.gil.take().get("heard") == 1
}

fn main() -> std::io::Result<()> {
    let names = INCREASE[..4].iter().map(|op| {
        let name = format!("{op:?}");
        let end = name[1..].find(|c: char| c.is_uppercase() || c == '(');
        name[..=end.unwrap_or(name.len() - 1)].to_lowercase()
    });
    let names = names.collect::<Vec<_>>().join(", ");
    println!("main: counter += 1 is {names}");
    println!("main: to hand over after {SWITCH_INTERVAL} instructions");
    count("older", older, WORK);
    count("newer", newer, WORK);
    count("newer, with a call inside", newer, WORK_BY_CALL);
    read_while_another_counts()?;
    let heard = hear(KEEPS);
    println!(
        "main: C code that keeps the lock heard from the other thread: {heard}"
    );
    let heard = hear(LETS_GO);
    println!(
        "main: C code that lets it go heard from the other thread: {heard}"
    );
    Ok(())
}
