//! The functions that stand before the C library's.

use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering,
};

use crate::delay::delay;
use crate::real::{self, Entry, Part, Routine};
use crate::ring::Kind;
use crate::tell;

unsafe extern "C" {
    fn pthread_atfork(
        before: Option<extern "C" fn()>,
        parent: Option<extern "C" fn()>,
        child: Option<extern "C" fn()>,
    ) -> c_int;
    fn pthread_key_create(
        key: *mut u32,
        end: Option<extern "C" fn(*mut c_void)>,
    ) -> c_int;
    fn pthread_setspecific(key: u32, value: *const c_void) -> c_int;
    fn fileno(file: *mut c_void) -> c_int;
    fn ftrylockfile(file: *mut c_void) -> c_int;
    fn funlockfile(file: *mut c_void);
    fn poll(fds: *mut Poll, count: u64, milliseconds: c_int) -> c_int;
    fn syscall(number: core::ffi::c_long, ...) -> core::ffi::c_long;
    static stdout: *mut File;
}

/// The beginning of glibc's `FILE`, which is part of its binary interface.
#[repr(C)]
struct File {
    _flags: c_int,
    _read: [*const u8; 3],
    write_base: *const u8,
    write_place: *const u8,
}

#[repr(C)]
struct Poll {
    fd: c_int,
    events: i16,
    found: i16,
}

/// Watches for forks, and for threads' ends.
pub(crate) fn watch() {
    // SAFETY: the functions are there as long as the program; the key is
    // written before any thread can use it.
    unsafe {
        pthread_atfork(None, None, Some(forked));
        let mut key = 0;
        if pthread_key_create(&mut key, Some(ended)) == 0 {
            KEY.store(key, Ordering::Relaxed);
        }
    }
}

/// Runs in the child, before `fork` returns.
extern "C" fn forked() {
    tell::own_descriptors();
    tell::event(Kind::Forked, 0);
}

// What is written.

/// The C library's `write`.
///
/// # Safety
/// As for write(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn write(
    fd: c_int,
    buffer: *const c_void,
    count: usize,
) -> isize {
    delay();
    let part = Part { start: buffer.cast(), length: count };
    // SAFETY: the caller keeps write's contract: so many bytes can be read.
    unsafe {
        let slot = if tell::is_output(fd) && !buffer.is_null() {
            tell::speech(tell::parts(&part, 1))
        } else {
            None
        };
        let result = real::write(fd, buffer, count);
        if let Some(slot) = slot {
            slot.result(result);
        }
        result
    }
}

/// The C library's `writev`.
///
/// # Safety
/// As for writev(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn writev(
    fd: c_int,
    parts: *const Part,
    count: c_int,
) -> isize {
    delay();
    // SAFETY: the caller keeps writev's contract.
    unsafe {
        let slot = if tell::is_output(fd) && !parts.is_null() {
            tell::speech(tell::parts(parts, count))
        } else {
            None
        };
        let result = real::writev(fd, parts, count);
        if let Some(slot) = slot {
            slot.result(result);
        }
        result
    }
}

/// Tells what stands in the buffer of the C library's standard output, which is
/// about to be written by the library itself.
pub(crate) fn tell_what_is_pending() {
    if !tell::on() {
        return;
    }
    let errno = real::errno();
    // SAFETY: `stdout` is null or a live stream. While it is locked nobody else
    // changes its buffer, of which the part between these two is filled.
    unsafe {
        let file = stdout;
        if !file.is_null()
            && tell::is_output(fileno(file.cast()))
            && ftrylockfile(file.cast()) == 0
        {
            let File { write_base, write_place, .. } = *file;
            let length =
                (write_place as usize).saturating_sub(write_base as usize);
            if length > 0 && !write_base.is_null() {
                let part = Part { start: write_base, length };
                if let Some(slot) = tell::speech(tell::parts(&part, 1)) {
                    slot.result(length as isize);
                }
            }
            funlockfile(file.cast());
        }
    }
    real::set_errno(errno);
}

fn is_stdout(file: *mut c_void) -> bool {
    // SAFETY: read only; the C library sets it before anything runs.
    file == unsafe { stdout }.cast()
}

/// The C library's `fflush`.
///
/// # Safety
/// As for fflush(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn fflush(file: *mut c_void) -> c_int {
    if file.is_null() || is_stdout(file) {
        tell_what_is_pending();
    }
    // SAFETY: the caller keeps the contract.
    unsafe { real::fflush(file) }
}

/// The C library's `fclose`.
///
/// # Safety
/// As for fclose(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn fclose(file: *mut c_void) -> c_int {
    if is_stdout(file) {
        tell_what_is_pending();
        // SAFETY: the caller says that the stream is open.
        let fd = unsafe { fileno(file) }.cast_unsigned();
        tell::closed(fd, fd);
    }
    // SAFETY: the caller keeps the contract.
    unsafe { real::fclose(file) }
}

// Files.

/// Declares functions that make what stands at `path`, where `makes` is true.
macro_rules! making {
    ($($name:ident($($argument:ident: $type:ty),*) of $path:ident
       if $makes:expr;)*) => { $(
        /// The C library's.
        ///
        /// # Safety
        /// As that one.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $name($($argument: $type),*) -> c_int {
            // SAFETY: the caller keeps the contract: the path is a C string, or
            // a pointer that the kernel refuses before it is read here again.
            unsafe {
                let new = $makes && tell::is_new($path);
                let result = real::$name($($argument),*);
                if new && result >= 0 {
                    tell::made($path);
                }
                result
            }
        }
    )* };
}

/// `O_CREAT`; a mode is passed with it alone, and as it came otherwise.
const CREATE: c_int = 0o100;

making! {
    open(path: *const c_char, flags: c_int, mode: u32) of path
        if flags & CREATE != 0;
    open64(path: *const c_char, flags: c_int, mode: u32) of path
        if flags & CREATE != 0;
    openat(from: c_int, path: *const c_char, flags: c_int, mode: u32) of path
        if flags & CREATE != 0;
    openat64(from: c_int, path: *const c_char, flags: c_int, mode: u32) of path
        if flags & CREATE != 0;
    mkdir(path: *const c_char, mode: u32) of path if true;
    mkfifo(path: *const c_char, mode: u32) of path if true;
    symlink(to: *const c_char, path: *const c_char) of path if true;
    link(from: *const c_char, path: *const c_char) of path if true;
    rename(from: *const c_char, path: *const c_char) of path if true;
}

/// The C library's `bind`, which makes a file where the address is a path.
///
/// # Safety
/// As for bind(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn bind(
    socket: c_int,
    address: *const c_void,
    length: u32,
) -> c_int {
    const AF_UNIX: u16 = 1;
    let mut path = [0_u8; 128];
    // SAFETY: the caller says that so many bytes are there, of which the first
    // two are the family; the copy ends with a 0.
    unsafe {
        let there = (length as usize).min(path.len() - 1);
        let named = !address.is_null()
            && there > 2
            && address.cast::<u16>().read_unaligned() == AF_UNIX;
        if named {
            let bytes = address.cast::<u8>().add(2);
            core::ptr::copy_nonoverlapping(bytes, path.as_mut_ptr(), there - 2);
        }
        let new = named && tell::is_new(path.as_ptr().cast());
        let result = real::bind(socket, address, length);
        if new && result == 0 {
            tell::made(path.as_ptr().cast());
        }
        result
    }
}

// Descriptors. What is closed is forgotten beforehand: afterwards the number
// may be another thread's already.

/// The C library's `close`.
///
/// # Safety
/// As for close(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn close(fd: c_int) -> c_int {
    if tell::is_output(fd) {
        tell::closed(fd.cast_unsigned(), fd.cast_unsigned());
    }
    // SAFETY: the caller keeps the contract.
    unsafe { real::close(fd) }
}

/// The C library's `close_range`.
///
/// # Safety
/// As for close_range(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn close_range(
    first: u32,
    last: u32,
    flags: c_int,
) -> c_int {
    /// Close them at exec only.
    const CLOSE_RANGE_CLOEXEC: c_int = 4;
    if flags & CLOSE_RANGE_CLOEXEC == 0 {
        tell::closed(first, last);
    }
    // SAFETY: the caller keeps the contract.
    unsafe { real::close_range(first, last, flags) }
}

/// The C library's `closefrom`.
///
/// # Safety
/// As for closefrom(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn closefrom(first: c_int) {
    tell::closed(first.max(0).cast_unsigned(), u32::MAX);
    // SAFETY: the caller keeps the contract.
    unsafe { real::closefrom(first) }
}

/// The C library's `dup`.
///
/// # Safety
/// As for dup(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn dup(fd: c_int) -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::dup(fd) };
    tell::copied(fd, result);
    result
}

/// The C library's `dup2`.
///
/// # Safety
/// As for dup2(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn dup2(from: c_int, to: c_int) -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::dup2(from, to) };
    tell::copied(from, result);
    result
}

/// The C library's `dup3`.
///
/// # Safety
/// As for dup3(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn dup3(
    from: c_int,
    to: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::dup3(from, to, flags) };
    tell::copied(from, result);
    result
}

/// The commands of `fcntl` that copy a descriptor.
const COPIES: [c_int; 2] = [0, 1030];

/// The C library's `fcntl`, which takes one more argument or none: as a number
/// of the machine's width it is passed as it came.
///
/// # Safety
/// As for fcntl(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn fcntl(
    fd: c_int,
    command: c_int,
    argument: usize,
) -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::fcntl(fd, command, argument) };
    if COPIES.contains(&command) {
        tell::copied(fd, result);
    }
    result
}

/// The C library's `fcntl64`.
///
/// # Safety
/// As for fcntl(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn fcntl64(
    fd: c_int,
    command: c_int,
    argument: usize,
) -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::fcntl64(fd, command, argument) };
    if COPIES.contains(&command) {
        tell::copied(fd, result);
    }
    result
}

// Threads.

/// The key whose destructor tells a thread's end: it runs when the thread
/// returns, exits or is cancelled, and before it can be joined.
static KEY: AtomicU32 = AtomicU32::new(u32::MAX);

extern "C" fn ended(_: *mut c_void) {
    tell::event(Kind::Ended, 0);
}

/// What a thread that has yet to begin is to do.
struct Start {
    taken: AtomicBool,
    number: AtomicU32,
    routine: AtomicUsize,
    argument: AtomicPtr<c_void>,
}

/// So many threads can be about to begin at a time. Those beyond are not seen
/// until they speak.
static STARTS: [Start; 1024] = [const {
    Start {
        taken: AtomicBool::new(false),
        number: AtomicU32::new(0),
        routine: AtomicUsize::new(0),
        argument: AtomicPtr::new(null_mut()),
    }
}; 1024];

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn take(routine: Routine, argument: *mut c_void) -> Option<&'static Start> {
    let first = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut places = (0..STARTS.len())
        .map(|n| &STARTS[first.wrapping_add(n) % STARTS.len()]);
    let start = places.find(|start| {
        let taken = start.taken.load(Ordering::Relaxed);
        !taken && !start.taken.swap(true, Ordering::Acquire)
    })?;
    start.number.store(first as u32, Ordering::Relaxed);
    start.routine.store(routine as usize, Ordering::Relaxed);
    start.argument.store(argument, Ordering::Relaxed);
    Some(start)
}

extern "C-unwind" fn begin(start: *mut c_void) -> *mut c_void {
    // SAFETY: `pthread_create` below passes one of `STARTS`, and the routine
    // in it was one.
    let (number, routine, argument) = unsafe {
        let start = &*start.cast::<Start>();
        let number = start.number.load(Ordering::Relaxed);
        let routine = start.routine.load(Ordering::Relaxed);
        let argument = start.argument.load(Ordering::Relaxed);
        start.taken.store(false, Ordering::Release);
        let routine = core::mem::transmute::<usize, Routine>(routine);
        (number, routine, argument)
    };
    if tell::on() {
        tell::event(Kind::Began, number);
        // SAFETY: the key was made, or is a number that no key has.
        unsafe {
            pthread_setspecific(
                KEY.load(Ordering::Relaxed),
                core::ptr::dangling(),
            )
        };
    }
    delay();
    routine(argument)
}

/// The C library's `pthread_create`.
///
/// # Safety
/// As for pthread_create(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn pthread_create(
    thread: *mut c_void,
    attributes: *const c_void,
    routine: Routine,
    argument: *mut c_void,
) -> c_int {
    let start = take(routine, argument);
    let number = start.map_or(0, |start| start.number.load(Ordering::Relaxed));
    let (first, its) = match start {
        Some(start) => {
            (begin as Routine, (&raw const *start).cast_mut().cast())
        }
        None => (routine, argument),
    };
    // SAFETY: the caller keeps the contract; `begin` calls what it asked for.
    let result =
        unsafe { real::pthread_create(thread, attributes, first, its) };
    match start {
        Some(start) if result != 0 => {
            start.taken.store(false, Ordering::Release);
        }
        // Its place may be another thread's by now; the number is its own.
        Some(_) => tell::event(Kind::Created, number),
        None => {}
    }
    result
}

// Processes.

/// Tells that a process was made, if it was: it is there from now on, also where
/// it has not come to tell so itself.
fn started(process: c_int) {
    if process > 0 {
        tell::event(Kind::Started, process.cast_unsigned());
    }
}

/// The C library's `fork`.
///
/// # Safety
/// As for fork(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn fork() -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::fork() };
    started(result);
    result
}

/// The C library's `posix_spawn`.
///
/// # Safety
/// As for posix_spawn(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn posix_spawn(
    pid: *mut c_int,
    path: *const c_void,
    actions: *const c_void,
    attributes: *const c_void,
    arguments: *const c_void,
    environment: *const c_void,
) -> c_int {
    // SAFETY: the caller keeps the contract; a successful call has written the
    // number, if there is a place for it.
    unsafe {
        let result = real::posix_spawn(
            pid,
            path,
            actions,
            attributes,
            arguments,
            environment,
        );
        if result == 0 && !pid.is_null() {
            started(*pid);
        }
        result
    }
}

/// The C library's `posix_spawnp`.
///
/// # Safety
/// As for posix_spawnp(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn posix_spawnp(
    pid: *mut c_int,
    name: *const c_void,
    actions: *const c_void,
    attributes: *const c_void,
    arguments: *const c_void,
    environment: *const c_void,
) -> c_int {
    // SAFETY: as above.
    unsafe {
        let result = real::posix_spawnp(
            pid,
            name,
            actions,
            attributes,
            arguments,
            environment,
        );
        if result == 0 && !pid.is_null() {
            started(*pid);
        }
        result
    }
}

/// The C library's `_Fork`, which tells nobody.
///
/// # Safety
/// As for _Fork(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Fork() -> c_int {
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::_Fork() };
    match result {
        0 => forked(),
        child => started(child),
    }
    result
}

struct Cloned {
    entry: Entry,
    argument: *mut c_void,
}

extern "C-unwind" fn cloned(cloned: *mut c_void) -> c_int {
    forked();
    // SAFETY: `clone` below passes this, in memory of which the child has a
    // copy.
    let Cloned { entry, argument } = unsafe { cloned.cast::<Cloned>().read() };
    entry(argument)
}

/// The C library's `clone`, which takes up to three arguments more: they are
/// passed as they came. What shares its parent's memory is seen when it speaks.
///
/// # Safety
/// As for clone(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn clone(
    entry: Entry,
    stack: *mut c_void,
    flags: c_int,
    argument: *mut c_void,
    parent: usize,
    local: usize,
    child: usize,
) -> c_int {
    const CLONE_VM: c_int = 0x100;
    let mut both = Cloned { entry, argument };
    let (entry, argument) = match flags & CLONE_VM {
        0 => (cloned as Entry, (&raw mut both).cast()),
        _ => (entry, argument),
    };
    // SAFETY: the caller keeps the contract; `cloned` calls what it asked for.
    let result = unsafe {
        real::clone(entry, stack, flags, argument, parent, local, child)
    };
    if flags & CLONE_VM == 0 {
        started(result);
    }
    result
}

/// The C library's `_exit`.
///
/// # Safety
/// As for _exit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _exit(status: c_int) -> ! {
    tell::event(Kind::Exited, 0);
    // SAFETY: takes a number.
    unsafe { real::_exit(status) }
}

/// The C library's `_Exit`.
///
/// # Safety
/// As for _exit(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Exit(status: c_int) -> ! {
    // SAFETY: takes a number.
    unsafe { _exit(status) }
}

/// The C library's `quick_exit`.
///
/// # Safety
/// As for quick_exit(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn quick_exit(status: c_int) -> ! {
    tell::event(Kind::Exited, 0);
    // SAFETY: the caller keeps the contract.
    unsafe { real::quick_exit(status) }
}

/// The C library's `abort`.
///
/// # Safety
/// As for abort(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn abort() -> ! {
    // Not its end: a handler of the program may still speak.
    tell::event(Kind::Lives, tell::pid());
    // SAFETY: takes nothing.
    unsafe { real::abort() }
}

/// The C library's `raise`.
///
/// # Safety
/// As for raise(3).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn raise(signal: c_int) -> c_int {
    tell::event(Kind::Lives, tell::pid());
    // SAFETY: takes a number.
    unsafe { real::raise(signal) }
}

/// The C library's `kill`. What is killed tells no end; that it lives up to
/// here is seen.
///
/// # Safety
/// As for kill(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn kill(pid: c_int, signal: c_int) -> c_int {
    if tell::on() && signal != 0 && pid > 0 && lives(pid) {
        tell::event(Kind::Lives, pid.cast_unsigned());
    }
    // SAFETY: takes numbers.
    unsafe { real::kill(pid, signal) }
}

const P_PID: c_int = 1;

/// Whether a process has not ended: not even as a child that its parent has not
/// waited for.
fn lives(pid: c_int) -> bool {
    /// WEXITED, WNOHANG and WNOWAIT: looked at, and left as it is.
    const LOOK: c_int = 4 | 1 | 0x0100_0000;
    const PIDFD_OPEN: core::ffi::c_long = 434;
    const POLLIN: i16 = 1;
    if tell::pid() == pid.cast_unsigned() {
        return true;
    }
    let errno = real::errno();
    let mut about = [0_u32; 32];
    // SAFETY: there is room for what is said; the descriptor is closed by the
    // one who has opened it.
    let lives = unsafe {
        let id = pid.cast_unsigned();
        if real::waitid(P_PID, id, about.as_mut_ptr().cast(), LOOK) == 0 {
            about[ENDED] == 0
        } else {
            // Not a child of ours.
            let fd = syscall(PIDFD_OPEN, pid, 0) as c_int;
            let mut look = Poll { fd, events: POLLIN, found: 0 };
            let lives = fd >= 0 && poll(&mut look, 1, 0) == 0;
            if fd >= 0 {
                real::close(fd);
            }
            lives
        }
    };
    real::set_errno(errno);
    lives
}

/// Where `siginfo_t` has the process that has ended, in words.
const ENDED: usize = 4;

fn reaped(pid: c_int, status: Option<c_int>) {
    // The low byte of one that has only stopped, or goes on.
    let stopped = status.is_some_and(|s| s & 0xff == 0x7f || s == 0xffff);
    if pid > 0 && !stopped {
        tell::event(Kind::Reaped, pid.cast_unsigned());
    }
}

/// The C library's `wait4`.
///
/// # Safety
/// As for wait4(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn wait4(
    pid: c_int,
    status: *mut c_int,
    options: c_int,
    usage: *mut c_void,
) -> c_int {
    let mut own = 0;
    let place = if status.is_null() { &raw mut own } else { status };
    // SAFETY: the caller keeps the contract; the place is its own or ours.
    unsafe {
        let result = real::wait4(pid, place, options, usage);
        if result > 0 {
            reaped(result, Some(*place));
        }
        result
    }
}

/// The C library's `waitpid`.
///
/// # Safety
/// As for waitpid(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn waitpid(
    pid: c_int,
    status: *mut c_int,
    options: c_int,
) -> c_int {
    // SAFETY: the caller keeps the contract.
    unsafe { wait4(pid, status, options, null_mut()) }
}

/// The C library's `wait`.
///
/// # Safety
/// As for wait(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn wait(status: *mut c_int) -> c_int {
    // SAFETY: the caller keeps the contract.
    unsafe { wait4(-1, status, 0, null_mut()) }
}

/// The C library's `wait3`.
///
/// # Safety
/// As for wait3(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn wait3(
    status: *mut c_int,
    options: c_int,
    usage: *mut c_void,
) -> c_int {
    // SAFETY: the caller keeps the contract.
    unsafe { wait4(-1, status, options, usage) }
}

/// The C library's `waitid`.
///
/// # Safety
/// As for waitid(2).
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn waitid(
    kind: c_int,
    id: u32,
    about: *mut c_void,
    options: c_int,
) -> c_int {
    /// Only look.
    const WNOWAIT: c_int = 0x0100_0000;
    /// CLD_EXITED, CLD_KILLED and CLD_DUMPED.
    const ENDS: [u32; 3] = [1, 2, 3];
    // SAFETY: the caller keeps the contract.
    let result = unsafe { real::waitid(kind, id, about, options) };
    if result == 0 && options & WNOWAIT == 0 && !about.is_null() {
        // SAFETY: the call was successful, and has filled in `siginfo_t`.
        let about = unsafe { *about.cast::<[u32; ENDED + 1]>() };
        if ENDS.contains(&about[2]) {
            reaped(about[ENDED].cast_signed(), None);
        }
    }
    result
}
