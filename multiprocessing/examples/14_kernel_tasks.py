"""Kernel tasks: what the kernel schedules, called thread or process."""

import ctypes
import multiprocessing
import multiprocessing.synchronize
import os
import signal
import sys
import threading

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")
CLONE_VM = 0x100
STACK = 64 * 1024


def whoami() -> str:
    tasks = len(os.listdir("/proc/self/task"))
    tid = threading.get_native_id()
    return f"pid {os.getpid()}, tid {tid}, tasks {tasks}"


def in_process(
    number: int, all_here: multiprocessing.synchronize.Barrier
) -> None:
    all_here.wait()
    met = all_here.parties
    print(f"process {number}: {whoami()}, {met} have met")


def in_thread(
    number: int, all_here: threading.Barrier, terminal: threading.Lock
) -> None:
    all_here.wait()
    with terminal:  # text and end of line are two steps
        print(f"thread {number}: {whoami()}")
    all_here.wait()


def clone_and_add(flags: int) -> int:
    """Has a new task add 1 to a number, and gives the number as it is here.

    The task runs no Python: it calls sem_post, and the number is a semaphore's.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    semaphore = ctypes.create_string_buffer(64)
    libc.sem_init(semaphore, 1, 0)
    stack = ctypes.create_string_buffer(STACK)
    top = (ctypes.addressof(stack) + STACK) & ~15
    task = libc.clone(
        ctypes.cast(libc.sem_post, ctypes.c_void_p),
        ctypes.c_void_p(top),
        flags | signal.SIGCHLD,
        ctypes.c_void_p(ctypes.addressof(semaphore)),
    )
    if task < 0:
        raise OSError(ctypes.get_errno(), "clone")
    _, status = os.waitpid(task, 0)
    if status:
        raise ChildProcessError(os.waitstatus_to_exitcode(status))
    number = ctypes.c_int()
    libc.sem_getvalue(semaphore, ctypes.byref(number))
    return number.value


def main() -> None:
    print(f"main: {whoami()}")
    all_here = context.Barrier(3)
    children = [
        context.Process(target=in_process, args=(n, all_here), daemon=True)
        for n in (1, 2, 3)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
        if child.exitcode != 0:
            raise ChildProcessError(child.exitcode)

    number = clone_and_add(0)
    print(f"main: cloned without CLONE_VM, number here {number}")
    number = clone_and_add(CLONE_VM)
    print(f"main: cloned with CLONE_VM, number here {number}")

    all_there, terminal = threading.Barrier(3), threading.Lock()
    threads = [
        threading.Thread(target=in_thread, args=(n, all_there, terminal))
        for n in (1, 2, 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, /proc is Linux's own")
