//! What the preloaded library writes, and the runner reads.
//!
//! A file that every process of a run maps: a header, then slots of one size,
//! each for one event. A slot is taken by one atomic addition, so its number is
//! its moment: what happened before another thing has the lower one. The slot's
//! kind is written last; one without a kind was never finished. The counter goes
//! on when all slots are taken: then the ring has overflowed, and does not tell
//! all.

/// How many events there is room for.
pub const SLOTS: usize = 1 << 15;

/// The bytes of a slot, and of the header.
pub const SLOT: usize = 128;

/// The bytes of the whole.
pub const SIZE: usize = SLOT * (SLOTS + 1);

/// How much of what is written is kept.
pub const DATA: usize = 88;

/// How much of what is written goes into the hash: what a pipe takes whole.
pub const HASHED: usize = 4096;

/// In place of a result: the call has not come back.
pub const PENDING: i64 = i64::MIN;

/// The bytes of the header: the device and the inode of the run's standard
/// output, by which it is known; the counter follows them.
pub const COUNTER: usize = 16;

/// What a slot tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// The library was loaded: a process has begun, or goes on with another
    /// program. [`Event::data`] is the beginning of its text, where that was
    /// given on the command line by `-c`.
    Loaded = 1,
    /// A process has begun as a copy of another one.
    Forked = 2,
    /// A thread has begun, which was made under the number [`Event::of`].
    Began = 3,
    /// A thread ends.
    Ended = 4,
    /// A process ends by itself.
    Exited = 5,
    /// Something is being written to standard output.
    Spoke = 6,
    /// The end of the process [`Event::of`] has been waited for.
    Reaped = 7,
    /// The process [`Event::of`] lives, at this moment.
    Lives = 8,
    /// The process [`Event::of`] was made by this one.
    Started = 9,
    /// A thread was made by this one, under the number [`Event::of`].
    Created = 10,
    /// Something was made outside of the run's own folder that was not there
    /// before. [`Event::data`] is a part of its path, which is
    /// [`Event::length`] bytes long; [`Event::of`] is the number of the part.
    Made = 11,
}

/// Every kind.
const KINDS: [Kind; 11] = [
    Kind::Loaded,
    Kind::Forked,
    Kind::Began,
    Kind::Ended,
    Kind::Exited,
    Kind::Spoke,
    Kind::Reaped,
    Kind::Lives,
    Kind::Started,
    Kind::Created,
    Kind::Made,
];

/// What one slot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub moment: u64,
    /// What happened.
    pub kind: Kind,
    /// To the process that tells it,
    pub pid: u32,
    /// and to its thread.
    pub tid: u32,
    /// Another process or thread, where the kind has one.
    pub of: u32,
    /// How many bytes were to be written.
    pub length: u64,
    /// How many were; negative after an error; or [`PENDING`].
    pub result: i64,
    /// Of the first [`HASHED`] bytes.
    pub hash: u64,
    /// The first bytes.
    pub data: [u8; DATA],
}

impl Event {
    /// Reads the slot of that number; `None` where it was never finished.
    pub fn read(moment: u64, slot: &[u8; SLOT]) -> Option<Event> {
        let four = |at| u32::from_le_bytes(part(slot, at));
        let eight = |at| u64::from_le_bytes(part(slot, at));
        let number = four(0);
        let kind = KINDS.into_iter().find(|kind| *kind as u32 == number)?;
        Some(Event {
            moment,
            kind,
            pid: four(4),
            tid: four(8),
            of: four(12),
            length: eight(16),
            result: eight(24).cast_signed(),
            hash: eight(32),
            data: part(slot, SLOT - DATA),
        })
    }

    /// Writes the slot.
    pub fn write(&self) -> [u8; SLOT] {
        let mut slot = [0; SLOT];
        let numbers = [self.kind as u32, self.pid, self.tid, self.of];
        for (place, number) in slot.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        let numbers = [self.length, self.result.cast_unsigned(), self.hash];
        for (place, number) in slot[16..].chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        slot[SLOT - DATA..].copy_from_slice(&self.data);
        slot
    }
}

fn part<const N: usize>(slot: &[u8; SLOT], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&slot[at..at + N]);
    part
}

/// Goes on with the hash of what is written (FNV-1a); begins with [`HASH`].
pub fn hash(mut so_far: u64, bytes: &[u8]) -> u64 {
    for byte in bytes {
        so_far = (so_far ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    so_far
}

/// The hash of nothing.
pub const HASH: u64 = 0xcbf2_9ce4_8422_2325;
