//! The real functions, found once, before `main`.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::sync::atomic::{AtomicUsize, Ordering};

#[link(name = "c")]
unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    pub(crate) fn __errno_location() -> *mut c_int;
}

/// `RTLD_NEXT`: after this library.
const NEXT: *mut c_void = -1_isize as *mut c_void;

/// A function's address; 0 until it is known.
struct Address(AtomicUsize, &'static CStr);

impl Address {
    fn find(&self) -> usize {
        // SAFETY: the name is a C string that outlives the call.
        let found = unsafe { dlsym(NEXT, self.1.as_ptr()) } as usize;
        self.0.store(found, Ordering::Relaxed);
        found
    }

    fn get(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            // Called before `start`, by another library's own.
            0 => self.find(),
            address => address,
        }
    }
}

/// Declares functions that call the next of their name, or give the value after
/// `else` where there is none.
macro_rules! real {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?
       $(, else $missing:expr)?;)*) => {
        mod addresses {
            $(
                #[allow(non_upper_case_globals, reason = "a function's name")]
                pub(super) static $name: super::Address = super::Address(
                    core::sync::atomic::AtomicUsize::new(0),
                    match core::ffi::CStr::from_bytes_with_nul(
                        concat!(stringify!($name), "\0").as_bytes(),
                    ) {
                        Ok(name) => name,
                        Err(_) => unreachable!(),
                    },
                );
            )*
        }

        /// Finds them all.
        pub(crate) fn find() {
            $(addresses::$name.find();)*
        }

        $(
            /// The C library's own.
            ///
            /// # Safety
            /// As that one.
            #[allow(non_snake_case, reason = "the C library's name")]
            pub(crate) unsafe extern "C-unwind" fn $name($($argument: $type),*) $(-> $result)? {
                type Function = unsafe extern "C-unwind" fn($($type),*)
                    $(-> $result)?;
                let address = addresses::$name.get();
                $(if address == 0 {
                    return $missing;
                })?
                // SAFETY: dlsym gave this address for the name, whose type
                // this is; the caller keeps its contract.
                unsafe {
                    core::mem::transmute::<usize, Function>(address)(
                        $($argument),*
                    )
                }
            }
        )*
    };
}

/// What a thread begins with.
pub type Routine = extern "C-unwind" fn(*mut c_void) -> *mut c_void;

/// What a process that `clone` makes begins with.
pub type Entry = extern "C-unwind" fn(*mut c_void) -> c_int;

real! {
    fn write(fd: c_int, buffer: *const c_void, count: usize) -> isize;
    fn writev(fd: c_int, parts: *const Part, count: c_int) -> isize;
    fn close(fd: c_int) -> c_int;
    fn close_range(first: u32, last: u32, flags: c_int) -> c_int, else missing();
    fn closefrom(first: c_int);
    fn open(path: *const c_char, flags: c_int, mode: u32) -> c_int;
    fn open64(path: *const c_char, flags: c_int, mode: u32) -> c_int;
    fn openat(from: c_int, path: *const c_char, flags: c_int, mode: u32)
        -> c_int;
    fn openat64(from: c_int, path: *const c_char, flags: c_int, mode: u32)
        -> c_int;
    fn mkdir(path: *const c_char, mode: u32) -> c_int;
    fn mkfifo(path: *const c_char, mode: u32) -> c_int;
    fn symlink(to: *const c_char, path: *const c_char) -> c_int;
    fn link(from: *const c_char, path: *const c_char) -> c_int;
    fn rename(from: *const c_char, path: *const c_char) -> c_int;
    fn bind(socket: c_int, address: *const c_void, length: u32) -> c_int;
    fn dup(fd: c_int) -> c_int;
    fn dup2(from: c_int, to: c_int) -> c_int;
    fn dup3(from: c_int, to: c_int, flags: c_int) -> c_int;
    fn fcntl(fd: c_int, command: c_int, argument: usize) -> c_int;
    fn fcntl64(fd: c_int, command: c_int, argument: usize) -> c_int,
        // SAFETY: the caller keeps the contract, which is the same.
        else unsafe { fcntl(fd, command, argument) };
    fn fflush(file: *mut c_void) -> c_int;
    fn fclose(file: *mut c_void) -> c_int;
    fn pthread_create(
        thread: *mut c_void,
        attributes: *const c_void,
        routine: Routine,
        argument: *mut c_void
    ) -> c_int;
    fn fork() -> c_int;
    fn _Fork() -> c_int, else missing();
    fn posix_spawn(
        pid: *mut c_int,
        path: *const c_void,
        actions: *const c_void,
        attributes: *const c_void,
        arguments: *const c_void,
        environment: *const c_void
    ) -> c_int;
    fn posix_spawnp(
        pid: *mut c_int,
        name: *const c_void,
        actions: *const c_void,
        attributes: *const c_void,
        arguments: *const c_void,
        environment: *const c_void
    ) -> c_int;
    fn clone(
        entry: Entry,
        stack: *mut c_void,
        flags: c_int,
        argument: *mut c_void,
        parent: usize,
        local: usize,
        child: usize
    ) -> c_int;
    fn kill(pid: c_int, signal: c_int) -> c_int;
    fn raise(signal: c_int) -> c_int;
    fn wait4(pid: c_int, status: *mut c_int, options: c_int, usage: *mut c_void)
        -> c_int;
    fn waitid(kind: c_int, id: u32, about: *mut c_void, options: c_int) -> c_int;
    fn abort() -> !;
    fn _exit(status: c_int) -> !;
    fn quick_exit(status: c_int) -> !;
}

/// One part of what `writev` writes.
#[repr(C)]
#[derive(Debug)]
pub struct Part {
    /// Where it begins.
    pub start: *const u8,
    /// Its bytes.
    pub length: usize,
}

/// As of a function that this system does not have.
fn missing() -> c_int {
    const ENOSYS: c_int = 38;
    set_errno(ENOSYS);
    -1
}

pub(crate) fn errno() -> c_int {
    // SAFETY: the pointer is to this thread's own `errno`.
    unsafe { *__errno_location() }
}

pub(crate) fn set_errno(value: c_int) {
    // SAFETY: the pointer is to this thread's own `errno`.
    unsafe { *__errno_location() = value }
}
