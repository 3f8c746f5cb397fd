//! Serialisation cost: one large array, three ways to another process.
//!
//! Python: `Queue`, `Pipe`, `mmap` and `send_fds`, in
//! `16_serialization_cost.py`.
//! Notes: N2:194, N2:228.
//!
//! A typed queue turns each number into bytes, copies them into the kernel and
//! out of it, and makes numbers again. A pipe of raw bytes only makes the two
//! copies. Shared memory is filled once and a descriptor is sent: the receiver
//! sees the sender's own pages, and also what is changed there later. So both
//! must agree who writes when, and in Rust writing to memory that was sent is
//! `unsafe`.
//!
//! Each time is from an array at the sender to its sum at the receiver. The
//! ratios are those of one run, and of a build that is not optimised. Fresh
//! pages cost about what a copy does, so a segment pays when it is used again.
//! On macOS a fork does not hand on a channel, so this is skipped there.
//! (Longer than a screen: the three ways stand beside each other.)
//!
//! In the notes: `Value` and `Array` pass data without copying. The sender must
//! still put it there, and that is one copy.
//!
//! ```text,expect
//! @processes
//! main: 262144 numbers, 1048576 bytes, sum 70403103784960
//! shared memory: sum 70403103784960, sees a later change: true
//! pipe: sum 70403103784960, sees a later change: false
//! queue: sum 70403103784960, sees a later change: false
//! main: bytes sent by pipe 1048576, by queue {:int 1048577..2097152}
//! main: times as long as shared memory: pipe {:float}, queue {:float}
//! ```
//!
//! Break it: `segment.clone()` => `IpcSharedMemory::from_bytes(&segment)`
//! Break it: `numbers.clone()` => `vec![0; COUNT]`
//! Break it (Python): `mmap.mmap(descriptor, size)`
//! => `mmap.mmap(descriptor, size)[:]`
//! Break it (Python): `queue.put(numbers)` => `queue.put(numbers[1:])`

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
    let mut numbers: Vec<u32> = (1 << 28..).take(COUNT).collect();
    let mut bytes: Vec<u8> =
        numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let sum: u64 = numbers.iter().copied().map(u64::from).sum();
    println!("main: {COUNT} numbers, {} bytes, sum {sum}", bytes.len());

    let (sender, from_main) = channel()?;
    let mut receiver = Receiver::start("shared memory", move || {
        let segment: IpcSharedMemory = from_main.recv()?;
        Ok(Box::new(move |place| number(&segment, place)))
    })?;
    let begin = Instant::now();
    let mut segment = IpcSharedMemory::from_bytes(&bytes);
    sender.send(segment.clone())?;
    let shared = receiver.has_sum(sum, begin)?;
    // SAFETY: the receiver reads only when it is told to look.
    let in_place = unsafe { segment.deref_mut() };
    in_place[..4].fill(0);
    receiver.look()?;

    let (mut from_main, mut writer) = io::pipe()?;
    let mut receiver = Receiver::start("pipe", move || {
        let mut bytes = vec![0; 4 * COUNT];
        from_main.read_exact(&mut bytes)?;
        Ok(Box::new(move |place| number(&bytes, place)))
    })?;
    let begin = Instant::now();
    writer.write_all(&bytes)?;
    let pipe = receiver.has_sum(sum, begin)?;
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
    let queue = receiver.has_sum(sum, begin)?;
    numbers[0] = 0;
    receiver.look()?;

    let sent = bytes.len();
    println!("main: bytes sent by pipe {sent}, by queue {serialised}");
    let ratio = |time: Duration| time.as_secs_f64() / shared.as_secs_f64();
    let (pipe, queue) = (ratio(pipe), ratio(queue));
    println!(
        "main: times as long as shared memory: pipe {pipe:.1}, \
         queue {queue:.1}"
    );
    Ok(())
}

fn number(bytes: &[u8], place: usize) -> u32 {
    let bytes = &bytes[4 * place..];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// An array as it came, to be read place by place.
type Array = Box<dyn Fn(usize) -> u32>;

/// A process that takes an array, tells its sum, and looks when it is told to.
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
            say.write_all(b"!")?; // ready
            let array = receive()?;
            let sum: u64 =
                (0..COUNT).map(|place| u64::from(array(place))).sum();
            say.write_all(&sum.to_le_bytes())?;
            told.read_exact(&mut [0])?;
            let later = array(0) == 0;
            println!("{name}: sum {sum}, sees a later change: {later}");
            Ok(())
        })?;
        said.read_exact(&mut [0])?;
        Ok(Receiver { child, said, tell })
    }

    /// Waits for the sum; gives the time that all took.
    fn has_sum(&mut self, expected: u64, begin: Instant) -> Result<Duration> {
        let mut sum = [0; 8];
        self.said.read_exact(&mut sum)?;
        let time = begin.elapsed();
        if u64::from_le_bytes(sum) != expected {
            return Err("another sum".into());
        }
        Ok(time)
    }

    fn look(mut self) -> Result<()> {
        self.tell.write_all(b"!")?;
        self.child.join()
    }
}
