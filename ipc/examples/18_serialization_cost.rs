//! Serialisation cost: one large array, three ways to another process.
//!
//! Python: `Queue`, `Pipe`, `mmap`, in `18_serialization_cost.py`.
//! Notes: N2:194, N2:226.
//!
//! A typed queue makes bytes of each number, copies them into the kernel and
//! out of it, and makes numbers again. A pipe of raw bytes is left with the two
//! copies. Shared memory is filled once, and a descriptor is sent: the receiver
//! sees the sender's own pages, also what is changed there later, so both must
//! agree who writes when. Fresh pages cost about what a copy does: a segment
//! pays when it is used again. The ratios are of one run and of a build that is
//! not optimised.
//!
//! `IpcSharedMemory` goes through ipc-channel; to write to it once it was sent
//! is `unsafe`, as the compiler cannot see who reads. On macOS, where a fork
//! does not hand on a channel, this is skipped. (It is longer than a screen, as
//! it shows the three beside each other.)
//!
//! ```text,expect
//! main: 262144 numbers, 1048576 bytes
//! shared memory: came whole: true, a later change too: true
//! pipe: came whole: true, a later change too: false
//! queue: came whole: true, a later change too: false
//! main: sent 1048576 bytes by pipe, {:int 1048577..} by queue
//! main: times as long: pipe {:float}, queue {:float}
//! ```
//!
//! Break it: `segment.clone()` => `IpcSharedMemory::from_bytes(&segment)`

#![allow(unsafe_code)]

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::time::{Duration, Instant};

use ipc::{Child, Result};
use ipc_channel::ipc::{IpcSharedMemory, channel};

const COUNT: usize = 262_144;

fn main() -> Result<()> {
    if cfg!(target_os = "macos") {
        println!("main: skipped, a fork does not hand on Mach ports");
        return Ok(());
    }
    let mut numbers: Vec<u32> = (0..COUNT).map(number).collect();
    let mut bytes: Vec<u8> =
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    println!("main: {COUNT} numbers, {} bytes", bytes.len());

    let (sender, from_main) = channel()?;
    let mut receiver = Receiver::start("shared memory", move || {
        let segment: IpcSharedMemory = from_main.recv()?;
        Ok(Box::new(move |place| read(&segment, place)))
    })?;
    let begin = Instant::now();
    let mut segment = IpcSharedMemory::from_bytes(&bytes);
    sender.send(segment.clone())?;
    receiver.has_it()?;
    let shared = begin.elapsed();
    // SAFETY: the receiver reads only when it is told to look.
    let in_place = unsafe { segment.deref_mut() };
    in_place[..4].fill(0);
    receiver.look()?;

    let (mut from_main, mut writer) = io::pipe()?;
    let mut receiver = Receiver::start("pipe", move || {
        let mut bytes = vec![0; 4 * COUNT];
        from_main.read_exact(&mut bytes)?;
        Ok(Box::new(move |place| read(&bytes, place)))
    })?;
    let begin = Instant::now();
    writer.write_all(&bytes)?;
    receiver.has_it()?;
    let pipe = begin.elapsed();
    bytes[..4].fill(0);
    receiver.look()?;

    let serialised = postcard::to_stdvec(&numbers)?.len();
    let (sender, from_main) = channel()?;
    let mut receiver = Receiver::start("queue", move || {
        let numbers: Vec<u32> = from_main.recv()?;
        Ok(Box::new(move |place| numbers[place]))
    })?;
    let begin = Instant::now();
    sender.send(numbers.clone())?;
    receiver.has_it()?;
    let queue = begin.elapsed();
    numbers[0] = 0;
    receiver.look()?;

    let sent = bytes.len();
    println!("main: sent {sent} bytes by pipe, {serialised} by queue");
    let ratio = |time: Duration| time.as_secs_f64() / shared.as_secs_f64();
    let (pipe, queue) = (ratio(pipe), ratio(queue));
    println!("main: times as long: pipe {pipe:.1}, queue {queue:.1}");
    Ok(())
}

fn number(place: usize) -> u32 {
    place as u32 + (1 << 28)
}

fn read(bytes: &[u8], place: usize) -> u32 {
    let bytes = &bytes[4 * place..];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// An array as it came, to be read place by place.
type Array = Box<dyn Fn(usize) -> u32>;

/// A process that takes an array, says so, and looks at it when it is told to.
struct Receiver {
    child: Child,
    said: PipeReader,
    tell: PipeWriter,
}

impl Receiver {
    fn start(
        name: &str,
        receive: impl FnOnce() -> Result<Array>,
    ) -> Result<Receiver> {
        let (mut said, mut say) = io::pipe()?;
        let (mut told, tell) = io::pipe()?;
        let child = ipc::fork(move || {
            say.write_all(b"!")?;
            let array = receive()?;
            say.write_all(b"!")?;
            told.read_exact(&mut [0])?;
            let all = (1..COUNT).all(|place| array(place) == number(place));
            let later = array(0) == 0;
            println!("{name}: came whole: {all}, a later change too: {later}");
            Ok(())
        })?;
        said.read_exact(&mut [0])?;
        Ok(Receiver { child, said, tell })
    }

    fn has_it(&mut self) -> io::Result<()> {
        self.said.read_exact(&mut [0])
    }

    fn look(mut self) -> Result<()> {
        self.tell.write_all(b"!")?;
        self.child.join()
    }
}
