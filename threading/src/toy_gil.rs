//! A small interpreter of bytecode with the lock of CPython.
//!
//! A thread has frames, each with its own stack and program counter. The
//! globals are shared, and only the holder of the lock has them; here this is
//! literal: taking the lock is being given the globals. When the holder has had
//! its switch interval and others wait, it is to hand over. It looks whether it
//! is to only before certain instructions, where CPython tests its eval
//! breaker. Which ones these are is for the user to say: they decide what is
//! atomic. Example `toy_gil` runs it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};

/// The holder is to hand over after so many instructions. Coprime to the
/// length of the loops in the example, so that it is not always at the same
/// instruction.
pub const SWITCH_INTERVAL: u32 = 10_009;

/// The instructions of one function.
pub type Code = &'static [Op];
/// The global variables.
pub type Globals = BTreeMap<&'static str, i64>;

/// One instruction.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Pushes a value.
    LoadConst(i64),
    /// Pushes the value of a global.
    LoadGlobal(&'static str),
    /// Pops a value into a global.
    StoreGlobal(&'static str),
    /// Pops two values and pushes their sum.
    BinaryAdd,
    /// Pops a value and forgets it.
    PopTop,
    /// Takes 1 from the counter on the stack, or jumps there if it is 0.
    ForIter(usize),
    /// Goes on there.
    JumpBackward(usize),
    /// Runs another function, and pushes what it returns.
    Call(Code),
    /// Pops a value and returns it to the caller.
    Return,
    /// Pops a value, and says this under the thread's name, `{}` being the
    /// value.
    Print(&'static str),
    /// Lets the lock go, waits for a value on the wire, and takes it again.
    Read,
    /// Pops a value and puts it on the wire.
    Write,
    /// C code that waits so long for something on the wire, and pushes 1 if
    /// it came, or 0.
    Native {
        /// Whether it lets the lock go meanwhile.
        lets_go: bool,
        /// How long it waits.
        limit: Duration,
    },
}

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

/// The interpreter's lock.
#[derive(Debug)]
pub struct Gil {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Here only while nobody holds the lock.
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
        mut state: MutexGuard<'_, State>,
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

    fn let_go(&self, globals: Globals) {
        self.state().globals = Some(globals);
        self.changed.notify_all();
    }

    /// Waits for the lock.
    pub fn take(&self) -> Held<'_> {
        Held { gil: self, globals: Some(self.wait(self.state(), None)) }
    }

    /// Returns when so many threads wait for the lock.
    pub fn until_waiting(&self, threads: usize) {
        let fewer = |s: &mut State| s.waiting < threads;
        drop(self.changed.wait_while(self.state(), fewer));
    }
}

/// The lock, and with it the globals; let go when this is dropped, also by a
/// panic.
#[derive(Debug)]
pub struct Held<'a> {
    gil: &'a Gil,
    globals: Option<Globals>,
}

impl Held<'_> {
    fn globals(&mut self) -> &mut Globals {
        self.globals.as_mut().expect("the lock is held")
    }

    /// The value of a global.
    pub fn get(&mut self, name: &str) -> i64 {
        self.globals().get(name).copied().unwrap_or_default()
    }

    /// If anyone waits: lets the lock go, and takes it when one has had it.
    pub fn hand_over(&mut self) {
        let mut state = self.gil.state();
        if state.waiting > 0 {
            state.globals = self.globals.take();
            let taken = state.taken;
            self.globals = Some(self.gil.wait(state, Some(taken)));
        }
    }

    fn without<T>(&mut self, work: impl FnOnce() -> T) -> T {
        if let Some(globals) = self.globals.take() {
            self.gil.let_go(globals);
        }
        let result = work();
        self.globals = Some(self.gil.wait(self.gil.state(), None));
        result
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(globals) = self.globals.take() {
            self.gil.let_go(globals);
        }
    }
}

/// An interpreter: the lock with the globals, and a wire to talk over.
#[derive(Debug)]
pub struct Interpreter {
    /// The lock.
    pub gil: Gil,
    /// Something comes here when native code has begun.
    pub native_begun: Receiver<()>,
    begin_native: Sender<()>,
    /// Before which instructions the eval breaker is tested.
    tested_before: fn(Op) -> bool,
    wire: (Sender<i64>, Receiver<i64>),
}

impl Interpreter {
    /// One that tests its eval breaker before these instructions.
    pub fn new(tested_before: fn(Op) -> bool) -> Interpreter {
        let globals = Some(Globals::from([("counter", 0)]));
        let state = Mutex::new(State { globals, waiting: 0, taken: 0 });
        let gil = Gil { state, changed: Condvar::new() };
        let (begin_native, native_begun) = unbounded();
        let wire = unbounded();
        Interpreter { gil, native_begun, begin_native, tested_before, wire }
    }

    /// Runs a function in the calling thread.
    pub fn run(&self, code: Code) {
        let mut held = self.gil.take();
        let mut ticks = 0;
        let mut frames = vec![Frame::new(code)];
        while let Some(frame) = frames.last_mut() {
            let op = frame.code[frame.pc];
            if ticks >= SWITCH_INTERVAL && (self.tested_before)(op) {
                held.hand_over();
                ticks = 0;
            }
            ticks += 1;
            frame.pc += 1;
            match op {
                Op::LoadConst(value) => frame.stack.push(value),
                Op::LoadGlobal(name) => frame.stack.push(held.get(name)),
                Op::StoreGlobal(name) => {
                    held.globals().insert(name, frame.pop());
                }
                Op::BinaryAdd => {
                    let sum = frame.pop() + frame.pop();
                    frame.stack.push(sum);
                }
                Op::PopTop => drop(frame.pop()),
                Op::ForIter(end) => match frame.pop() {
                    0 => frame.pc = end,
                    left => frame.stack.push(left - 1),
                },
                Op::JumpBackward(target) => frame.pc = target,
                Op::Call(code) => frames.push(Frame::new(code)),
                Op::Return => {
                    let value = frame.pop();
                    frames.pop();
                    if let Some(caller) = frames.last_mut() {
                        caller.stack.push(value);
                    }
                }
                Op::Print(text) => {
                    let text = text.replace("{}", &frame.pop().to_string());
                    let thread = thread::current();
                    println!("{}: {text}", thread.name().unwrap_or("unnamed"));
                }
                Op::Read => {
                    let value = held.without(|| self.wire.1.recv());
                    frame.stack.push(value.expect("one end is here"));
                }
                Op::Write => {
                    self.wire.0.send(frame.pop()).expect("one end is here");
                }
                Op::Native { lets_go, limit } => {
                    self.begin_native.send(()).expect("one end is here");
                    let wait = || self.wire.1.recv_timeout(limit).is_ok();
                    let heard =
                        if lets_go { held.without(wait) } else { wait() };
                    frame.stack.push(heard.into());
                }
            }
        }
    }
}

/// for _ in range(times): code()
pub const fn repeat(times: i64, code: Code) -> [Op; 7] {
    [
        Op::LoadConst(times),
        Op::ForIter(5),
        Op::Call(code),
        Op::PopTop,
        Op::JumpBackward(1),
        Op::LoadConst(0),
        Op::Return,
    ]
}

/// print(…); line = read(); print(…)
pub static READER: Code = &[
    Op::LoadConst(0),
    Op::Print("lets the lock go and reads"),
    Op::Read,
    Op::Print("has the lock again, read {}"),
    Op::LoadConst(0),
    Op::Return,
];

/// work(); print(…); write(counter)
pub const fn writer(work: Code) -> [Op; 8] {
    [
        Op::Call(work),
        Op::PopTop,
        Op::LoadGlobal("counter"),
        Op::Print("counted to {} meanwhile, writes"),
        Op::LoadGlobal("counter"),
        Op::Write,
        Op::LoadConst(0),
        Op::Return,
    ]
}

/// write(7)
pub static SENDER: Code =
    &[Op::LoadConst(7), Op::Write, Op::LoadConst(0), Op::Return];

/// heard = native(limit)
pub const fn native(lets_go: bool, limit: Duration) -> [Op; 4] {
    let native = Op::Native { lets_go, limit };
    [native, Op::StoreGlobal("heard"), Op::LoadConst(0), Op::Return]
}
