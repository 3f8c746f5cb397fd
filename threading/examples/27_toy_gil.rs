//! Toy GIL: why `counter += 1` lost updates, and no longer does.
//!
//! Python: CPython itself, in `27_toy_gil.py`.
//! Notes: N0:89, N2:281, N2:376, N2:482, N3:36.
//!
//! A small interpreter of bytecode with the lock of CPython. A thread has
//! frames, each with its own stack and program counter; the globals are shared,
//! and only the holder of the lock has them (here literally: to take the lock
//! is to be given the globals). When the holder has had its switch interval and
//! others wait, it is to hand over. It looks whether it is to at certain places
//! only, where CPython tests its eval breaker, and these decide what is atomic:
//!
//! - Up to 3.9 most instructions were such places. `counter += 1` is a load, an
//!   add and a store; a thread that hands over between them comes back with an
//!   old value and stores it over all that the other has done.
//! - Since 3.10 only backward jumps and calls are. The three stay together,
//!   until a call stands between them: `counter = counter + one()` loses again.
//!   So it is an accident of the implementation, not a promise: use a lock.
//! - Around I/O the lock is let go, and the other thread runs meanwhile.
//!
//! CPython's interval was 100 instructions (of bytecode, not of the machine, as
//! the notes say); since 3.2 it is 5 ms, after which a waiter asks and the
//! holder answers at its next such place, be that later. The toy counts
//! instructions, so that all runs are alike. The sibling shows the same on the
//! real thing; started with 3.9 its middle line loses too.
//!
//! Longer than a screen, for it is a whole interpreter: the programs, the
//! frame, the lock, the loop, and what is run.
//!
//! ```text,expect
//! older: expected 40000, got {:int 1..39999}
//! newer: expected 40000, got 40000
//! newer, with a call inside: expected 40000, got {:int 1..39999}
//! reader: lets the lock go and reads
//! writer: counted to 20000 meanwhile, writes
//! reader: has the lock again, read 20000
//! ```
//!
//! Break it: `matches!(op, JumpBackward(_) | Call(_))` => `true`
//! Break it: `JumpBackward(_) | Call(_)` => `JumpBackward(_)`

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

use Op::*;
use crossbeam_channel::{Receiver, Sender, unbounded};

const SWITCH_INTERVAL: u32 = 10_009; // odd: not always at the same instruction

type Code = &'static [Op];
type Globals = BTreeMap<&'static str, i64>;

#[derive(Clone, Copy)]
enum Op {
    LoadConst(i64),
    LoadGlobal(&'static str),
    StoreGlobal(&'static str),
    BinaryAdd,
    PopTop,
    ForIter(usize),
    JumpBackward(usize),
    Call(Code),
    Return,
    Read,
    Write,
}

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
static WORK: Code = &[
    LoadConst(20_000),
    ForIter(5),
    Call(INCREASE),
    PopTop,
    JumpBackward(1),
    LoadConst(0),
    Return,
];

/// The same, with the other `increase`.
static WORK_BY_CALL: Code = &[
    LoadConst(20_000),
    ForIter(5),
    Call(INCREASE_BY_CALL),
    PopTop,
    JumpBackward(1),
    LoadConst(0),
    Return,
];

/// line = read()
static READER: Code = &[Read, StoreGlobal("line"), LoadConst(0), Return];

/// work(); write(counter)
static WRITER: Code =
    &[Call(WORK), PopTop, LoadGlobal("counter"), Write, LoadConst(0), Return];

struct Frame {
    code: Code,
    pc: usize,
    stack: Vec<i64>,
}

impl Frame {
    fn new(code: Code) -> Frame {
        Frame { code, pc: 0, stack: Vec::new() }
    }

    fn pop(&mut self) -> i64 {
        self.stack.pop().expect("the code pushes before it pops")
    }
}

struct Gil {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// With nobody only while nobody holds the lock.
    globals: Option<Globals>,
    waiting: usize,
    /// How often the lock was taken.
    taken: u64,
}

impl Gil {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with the state")
    }

    /// Waits until the lock is free, and was taken since then, if that matters.
    fn wait(
        &self,
        mut state: MutexGuard<State>,
        since: Option<u64>,
    ) -> Globals {
        state.waiting += 1;
        self.changed.notify_all();
        let not_yet =
            |s: &mut State| s.globals.is_none() || Some(s.taken) == since;
        let mut state =
            self.changed.wait_while(state, not_yet).expect("as above");
        state.waiting -= 1;
        state.taken += 1;
        self.changed.notify_all();
        state.globals.take().expect("the lock is free")
    }

    fn take(&self) -> Globals {
        self.wait(self.state(), None)
    }

    fn let_go(&self, globals: Globals) {
        self.state().globals = Some(globals);
        self.changed.notify_all();
    }

    /// If anyone waits: lets the lock go, and takes it when one has had it.
    fn hand_over(&self, globals: Globals) -> Globals {
        let mut state = self.state();
        if state.waiting == 0 {
            return globals;
        }
        state.globals = Some(globals);
        let taken = state.taken;
        self.wait(state, Some(taken))
    }

    fn until_waiting(&self, threads: usize) {
        let fewer = |s: &mut State| s.waiting < threads;
        drop(self.changed.wait_while(self.state(), fewer));
    }
}

struct Interpreter {
    gil: Gil,
    /// Before which instructions the eval breaker is tested.
    tested_before: fn(Op) -> bool,
    wire: (Sender<i64>, Receiver<i64>),
}

impl Interpreter {
    fn new(tested_before: fn(Op) -> bool) -> Interpreter {
        let globals = Some(Globals::from([("counter", 0)]));
        let state = Mutex::new(State { globals, waiting: 0, taken: 0 });
        let gil = Gil { state, changed: Condvar::new() };
        Interpreter { gil, tested_before, wire: unbounded() }
    }

    fn run(&self, code: Code) {
        let mut globals = self.gil.take();
        let mut ticks = 0;
        let mut frames = vec![Frame::new(code)];
        while let Some(frame) = frames.last_mut() {
            let op = frame.code[frame.pc];
            if ticks >= SWITCH_INTERVAL && (self.tested_before)(op) {
                globals = self.gil.hand_over(globals);
                ticks = 0;
            }
            ticks += 1;
            frame.pc += 1;
            match op {
                LoadConst(value) => frame.stack.push(value),
                LoadGlobal(name) => frame.stack.push(globals[name]),
                StoreGlobal(name) => {
                    globals.insert(name, frame.pop());
                }
                BinaryAdd => {
                    let sum = frame.pop() + frame.pop();
                    frame.stack.push(sum);
                }
                PopTop => drop(frame.pop()),
                ForIter(end) => match frame.pop() {
                    0 => frame.pc = end,
                    left => frame.stack.push(left - 1),
                },
                JumpBackward(target) => frame.pc = target,
                Call(code) => frames.push(Frame::new(code)),
                Return => {
                    let value = frame.pop();
                    frames.pop();
                    if let Some(caller) = frames.last_mut() {
                        caller.stack.push(value);
                    }
                }
                Read => {
                    println!("reader: lets the lock go and reads");
                    self.gil.let_go(globals);
                    let value = self.wire.1.recv().expect("one end is here");
                    globals = self.gil.take();
                    println!("reader: has the lock again, read {value}");
                    frame.stack.push(value);
                }
                Write => {
                    let value = frame.pop();
                    println!("writer: counted to {value} meanwhile, writes");
                    self.wire.0.send(value).expect("one end is here");
                }
            }
        }
        self.gil.let_go(globals);
    }
}

fn older(_: Op) -> bool {
    true
}

fn newer(op: Op) -> bool {
    matches!(op, JumpBackward(_) | Call(_))
}

fn main() {
    let count = |tested_before, code, name| {
        let python = Interpreter::new(tested_before);
        let globals = python.gil.take();
        thread::scope(|s| {
            s.spawn(|| python.run(code));
            s.spawn(|| python.run(code));
            python.gil.until_waiting(2);
            python.gil.let_go(globals);
        });
        let counter = python.gil.take()["counter"];
        println!("{name}: expected 40000, got {counter}");
    };
    count(older, WORK, "older");
    count(newer, WORK, "newer");
    count(newer, WORK_BY_CALL, "newer, with a call inside");

    let python = Interpreter::new(newer);
    let globals = python.gil.take();
    thread::scope(|s| {
        s.spawn(|| python.run(READER));
        python.gil.until_waiting(1);
        let globals = python.gil.hand_over(globals); // back when it reads
        s.spawn(|| python.run(WRITER));
        python.gil.let_go(globals);
    });
}
