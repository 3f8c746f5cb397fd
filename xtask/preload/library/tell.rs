//! Tells events in the ring, and knows which descriptors are standard output.

use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{
    AtomicI64, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering,
};

use crate::real::{self, Part};
use crate::ring::{
    COUNTER, DATA, HASH, HASHED, Kind, PENDING, SIZE, SLOT, SLOTS, hash,
};

unsafe extern "C" {
    fn access(path: *const c_char, mode: c_int) -> c_int;
    fn mmap(
        address: *mut c_void,
        length: usize,
        protection: c_int,
        flags: c_int,
        fd: c_int,
        offset: i64,
    ) -> *mut c_void;
    fn fstat(fd: c_int, about: *mut Stat) -> c_int;
    fn getpid() -> c_int;
    fn syscall(number: c_long, ...) -> c_long;
}

/// `struct stat`: the device and the inode come first on all 64-bit systems.
#[repr(C)]
#[derive(Clone, Copy)]
struct Stat([u64; 32]);

const READ_WRITE_CLOEXEC: c_int = 0o2 | 0o200_0000;
const PROT_READ_WRITE: c_int = 3;
const MAP_SHARED: c_int = 1;

#[cfg(target_arch = "x86_64")]
const GETTID: c_long = 186;
#[cfg(not(target_arch = "x86_64"))]
const GETTID: c_long = 178;

/// One slot; the layout is that of [`crate::ring::Event`].
#[repr(C)]
pub(crate) struct Slot {
    kind: AtomicU32,
    pid: AtomicU32,
    tid: AtomicU32,
    of: AtomicU32,
    length: AtomicU64,
    result: AtomicI64,
    hash: AtomicU64,
    data: [AtomicU8; DATA],
}

const _: () = assert!(size_of::<Slot>() == SLOT);

static RING: AtomicPtr<u8> = AtomicPtr::new(null_mut());

/// The folder of the ring, which is that of the run; the rest is 0.
static FOLDER: [AtomicU8; 512] = [const { AtomicU8::new(0) }; 512];

/// The process to which the descriptors below belong. A child of `vfork` has
/// its parent's memory, but descriptors of its own.
static OWNER: AtomicU32 = AtomicU32::new(0);

/// One bit for each descriptor that is standard output.
static OUTPUT: [AtomicU64; 16] = [const { AtomicU64::new(0) }; 16];

/// How many descriptors are looked at when a program begins: those that are
/// handed on are among the first.
const LOOKED_AT: c_int = 10;

/// Maps the ring that stands beside the library at the first path of
/// `preloaded`.
pub(crate) fn find_ring(preloaded: &[u8]) -> Option<()> {
    let end = preloaded.iter().position(|byte| b": ".contains(byte));
    let path = &preloaded[..end.unwrap_or(preloaded.len())];
    let folder = path.iter().rposition(|byte| *byte == b'/')? + 1;
    let mut name = [0_u8; 512];
    name.get_mut(..folder)?.copy_from_slice(&path[..folder]);
    name.get_mut(folder..folder + 4)?.copy_from_slice(b"ring");
    let errno = real::errno();
    // SAFETY: the name ends with a 0, for `get_mut` leaves room in the array or
    // fails; the mapping is new memory, of a file that is as long as that.
    let start = unsafe {
        let fd = real::open(name.as_ptr().cast(), READ_WRITE_CLOEXEC, 0);
        if fd < 0 {
            real::set_errno(errno);
            return None;
        }
        let start = mmap(null_mut(), SIZE, PROT_READ_WRITE, MAP_SHARED, fd, 0);
        real::close(fd);
        start
    };
    real::set_errno(errno);
    if start as isize == -1 {
        return None;
    }
    for (place, byte) in FOLDER.iter().zip(&path[..folder]) {
        place.store(*byte, Ordering::Relaxed);
    }
    let start: *mut u8 = start.cast();
    RING.store(start, Ordering::Relaxed);
    OWNER.store(pid(), Ordering::Relaxed);
    // SAFETY: the mapping begins with two such numbers, and nobody writes them.
    let [device, inode] = unsafe { *start.cast::<[u64; 2]>() };
    for fd in 0..LOOKED_AT {
        let mut about = Stat([0; 32]);
        // SAFETY: there is more room than `struct stat` takes.
        let known = unsafe { fstat(fd, &mut about) } == 0;
        if known && about.0[..2] == [device, inode] {
            set_output(fd, true);
        }
    }
    real::set_errno(errno);
    Some(())
}

/// Forgets whose descriptors these are: a forked child has a copy of them.
pub(crate) fn own_descriptors() {
    OWNER.store(pid(), Ordering::Relaxed);
}

/// Whether anything is told.
pub(crate) fn on() -> bool {
    !RING.load(Ordering::Relaxed).is_null()
}

pub(crate) fn pid() -> u32 {
    // SAFETY: takes nothing, and cannot fail.
    unsafe { getpid() }.cast_unsigned()
}

fn tid() -> u32 {
    // SAFETY: takes nothing, and cannot fail.
    unsafe { syscall(GETTID) as u32 }
}

/// Tells an event; `of` is another process or thread, where the kind has one.
pub(crate) fn event(kind: Kind, of: u32) {
    if let Some(slot) = take() {
        slot.of.store(of, Ordering::Relaxed);
        slot.finish(kind);
    }
}

/// Tells that the library was loaded.
///
/// # Safety
/// As `main` gets them: C strings up to a null pointer.
pub(crate) unsafe fn loaded(mut arguments: *const *const c_char) {
    let Some(slot) = take() else { return };
    let mut given = false;
    // SAFETY: the caller says so.
    while !arguments.is_null() && unsafe { !(*arguments).is_null() } {
        // SAFETY: as above.
        let argument = unsafe { CStr::from_ptr(*arguments) }.to_bytes();
        if given {
            slot.keep(argument);
            break;
        }
        given = argument == b"-c";
        // SAFETY: the null pointer is not reached yet.
        arguments = unsafe { arguments.add(1) };
    }
    slot.finish(Kind::Loaded);
}

/// Tells that these parts are about to be written to standard output; the slot
/// is to be given the result.
pub(crate) fn speech<'a>(
    parts: impl Iterator<Item = &'a [u8]>,
) -> Option<&'static Slot> {
    let slot = take()?;
    let (mut length, mut sum) = (0_usize, HASH);
    for part in parts {
        let left = HASHED.saturating_sub(length);
        sum = hash(sum, &part[..part.len().min(left)]);
        for (place, byte) in slot.data.iter().skip(length).zip(part) {
            place.store(*byte, Ordering::Relaxed);
        }
        length += part.len();
    }
    slot.length.store(length as u64, Ordering::Relaxed);
    slot.hash.store(sum, Ordering::Relaxed);
    slot.result.store(PENDING, Ordering::Relaxed);
    slot.finish(Kind::Spoke);
    Some(slot)
}

/// Whether something is to be told of that is about to be made: it stands outside
/// of the run's own folder and of what is no file, and is not there yet.
///
/// # Safety
/// The path is a C string, or null.
pub(crate) unsafe fn is_new(path: *const c_char) -> bool {
    if !on() || path.is_null() {
        return false;
    }
    // SAFETY: the caller says that it is a C string.
    let bytes = unsafe { CStr::from_ptr(path) }.to_bytes();
    let own = FOLDER.iter().map(|byte| byte.load(Ordering::Relaxed));
    let own = own.take_while(|byte| *byte != 0);
    let common = bytes.iter().zip(own.clone()).take_while(|(a, b)| **a == *b);
    let elsewhere = [&b"/dev/"[..], b"/proc/", b"/sys/"];
    if bytes.first() != Some(&b'/')
        || common.count() == own.count()
        || elsewhere.iter().any(|folder| bytes.starts_with(folder))
    {
        return false;
    }
    let errno = real::errno();
    // SAFETY: as above; 0 asks whether it is there.
    let new = unsafe { access(path, 0) } != 0;
    real::set_errno(errno);
    new
}

/// Tells what was made.
///
/// # Safety
/// The path is a C string.
pub(crate) unsafe fn made(path: *const c_char) {
    // SAFETY: the caller says so.
    let path = unsafe { CStr::from_ptr(path) }.to_bytes();
    for (nth, part) in (0..).zip(path.chunks(DATA)) {
        let Some(slot) = take() else { return };
        slot.keep(part);
        slot.of.store(nth, Ordering::Relaxed);
        slot.length.store(path.len() as u64, Ordering::Relaxed);
        slot.finish(Kind::Made);
    }
}

fn take() -> Option<&'static Slot> {
    let start = RING.load(Ordering::Relaxed);
    if start.is_null() {
        return None;
    }
    // SAFETY: the counter lies within the mapping, which is never undone, and
    // is only ever used as an atomic.
    let counter = unsafe { AtomicU64::from_ptr(start.add(COUNTER).cast()) };
    // AcqRel, so that the numbers agree with what happened before what.
    let nth = counter.fetch_add(1, Ordering::AcqRel);
    let nth = usize::try_from(nth).ok().filter(|nth| *nth < SLOTS)?;
    // SAFETY: the slot lies within the mapping and has all its alignment; it is
    // made of atomics alone, for which all bytes are valid.
    Some(unsafe { &*start.add(SLOT * (nth + 1)).cast::<Slot>() })
}

impl Slot {
    /// Keeps the first bytes, as many as there is room for.
    fn keep(&self, bytes: &[u8]) {
        for (place, byte) in self.data.iter().zip(bytes) {
            place.store(*byte, Ordering::Relaxed);
        }
    }

    fn finish(&self, kind: Kind) {
        self.pid.store(pid(), Ordering::Relaxed);
        self.tid.store(tid(), Ordering::Relaxed);
        self.kind.store(kind as u32, Ordering::Release);
    }

    /// What came of what was to be written.
    pub(crate) fn result(&self, result: isize) {
        self.result.store(result as i64, Ordering::Release);
    }
}

/// The bytes of what `writev` is to write.
///
/// # Safety
/// As for writev(2): the parts are what they say.
pub(crate) unsafe fn parts<'a>(
    parts: *const Part,
    count: c_int,
) -> impl Iterator<Item = &'a [u8]> {
    let count = usize::try_from(count).unwrap_or(0);
    (0..count).filter_map(move |nth| {
        // SAFETY: the caller says that so many parts are there, and that each
        // is so many bytes that can be read.
        unsafe {
            let Part { start, length } = &*parts.add(nth);
            (*length > 0).then(|| core::slice::from_raw_parts(*start, *length))
        }
    })
}

fn place(fd: c_int) -> Option<(&'static AtomicU64, u64)> {
    let fd = usize::try_from(fd).ok()?;
    Some((OUTPUT.get(fd / 64)?, 1 << (fd % 64)))
}

/// Whether that descriptor is standard output.
pub(crate) fn is_output(fd: c_int) -> bool {
    place(fd).is_some_and(|(word, bit)| word.load(Ordering::Relaxed) & bit != 0)
}

fn set_output(fd: c_int, output: bool) {
    if let Some((word, bit)) = place(fd) {
        if output {
            word.fetch_or(bit, Ordering::Relaxed);
        } else {
            word.fetch_and(!bit, Ordering::Relaxed);
        }
    }
}

/// Descriptor `to` is a copy of `from` now.
pub(crate) fn copied(from: c_int, to: c_int) {
    let output = is_output(from);
    if to >= 0
        && output != is_output(to)
        && OWNER.load(Ordering::Relaxed) == pid()
    {
        set_output(to, output);
    }
}

/// The descriptors from `first` to `last` are closed, or are about to be.
pub(crate) fn closed(first: u32, last: u32) {
    let last = last.min(64 * OUTPUT.len() as u32 - 1);
    for fd in (first..=last).map(u32::cast_signed) {
        if is_output(fd) && OWNER.load(Ordering::Relaxed) == pid() {
            set_output(fd, false);
        }
    }
}
