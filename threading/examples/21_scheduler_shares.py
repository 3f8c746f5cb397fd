"""Scheduler shares: to the kernel a thread and a process are equals."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def spinner(nice: int) -> Iterator[str]:
    """A process that computes until the block is left."""
    told, tell = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.nice(nice)
        os.write(tell, b"!")
        while os.getppid() == parent:
            pass
        os._exit(0)
    try:
        os.read(told, 1)  # it says a word when it begins
        yield f"/proc/{child}"
    finally:
        os.close(told)
        os.close(tell)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


class Thread(threading.Thread):
    stopped = False

    def run(self) -> None:
        while not self.stopped:
            pass


def times_of(tasks: list[str]) -> list[float]:
    """The seconds that each task has spent on a core."""
    times = []
    for task in tasks:
        with open(f"{task}/schedstat") as file:
            times.append(int(file.read().split()[0]) / 1e9)
    return times


def compete(tasks: list[str]) -> list[float]:
    """What each has had when the first has had 200 ms."""
    start = times_of(tasks)
    while True:
        time.sleep(0.01)  # off the core
        now = times_of(tasks)
        had = [b - a for a, b in zip(start, now, strict=True)]
        if had[0] >= 0.2:
            return had


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, the shares are read from Linux")
        return
    # The other scheduling classes know no niceness.
    if os.sched_getscheduler(0) != os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    first = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {first})
    with spinner(nice=0) as process, spinner(nice=10) as nice:
        thread = Thread()
        thread.start()
        tasks = [f"/proc/self/task/{thread.native_id}", process, nice]
        cores = len(os.sched_getaffinity(0))
        print(f"main: {len(tasks)} compete for {cores} core")
        had = compete(tasks)
        thread.stopped = True
        thread.join()
    for name, had_it in zip(("process", "nice process"), had[1:], strict=True):
        share = had_it / had[0]
        print(f"main: of the thread's time the {name} got {share:.2f}")


if __name__ == "__main__":
    main()
