"""Pidfd: a process by a descriptor, which no other process can come to own."""

import multiprocessing
import os
import select
import signal
import sys
from multiprocessing.process import BaseProcess

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")
# Root may write there which pid was the last one.
LAST_PID = "/proc/sys/kernel/ns_last_pid"


def sleeper() -> BaseProcess:
    """A child that does nothing until a signal ends it."""
    child = context.Process(target=signal.pause, daemon=True)
    child.start()
    return child


def has_ended(by_fd: int, limit: float) -> bool:
    poll = select.poll()
    poll.register(by_fd, select.POLLIN)
    return bool(poll.poll(limit))


def with_pid(pid: int) -> BaseProcess | None:
    """A new child that has got this pid, if the kernel lets it be chosen."""
    for _ in range(20):
        try:
            with open(LAST_PID, "w") as last:
                last.write(str(pid - 1))
        except OSError:
            return None  # not allowed
        child = sleeper()
        if child.pid == pid:
            return child
        child.kill()
        child.join()
    return None  # somebody else was quicker


def main() -> None:
    child = sleeper()
    pid = child.pid
    by_fd = os.pidfd_open(pid)
    ended = str(has_ended(by_fd, 0)).lower()
    print(f"main: by the descriptor it has ended: {ended}")
    signal.pidfd_send_signal(by_fd, signal.SIGTERM)
    ended = str(has_ended(by_fd, 5000)).lower()
    child.join()
    name = signal.Signals(-child.exitcode).name
    print(
        "main: SIGTERM sent by the descriptor,"
        f" it has ended: {ended}, it died of {name}"
    )

    other = with_pid(pid)
    try:
        os.kill(pid, 0)  # does no harm, whoever gets it
        reached = "another"
    except ProcessLookupError:
        reached = "nobody"
    print(f"main: waited for, by the number a signal reaches {reached}")
    try:
        signal.pidfd_send_signal(by_fd, signal.SIGCONT)
        reached = "another"
    except ProcessLookupError:
        reached = "nobody"
    print(f"main: by the descriptor a signal reaches {reached}")
    os.close(by_fd)
    if other:
        other.kill()
        other.join()


if __name__ == "__main__":
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, a pidfd is Linux's own")
