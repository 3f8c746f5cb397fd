"""Start methods: fork, spawn, and a fork server."""

import multiprocessing
import multiprocessing.forkserver
import os
import threading
import time
from multiprocessing.context import BaseContext

setting = 0


def report(name: str) -> None:
    if name:
        print(f"{name}: setting {setting}, child of {os.getppid()}")


def start(context: BaseContext, name: str) -> None:
    """Starts a process, and waits until it has ended."""
    child = context.Process(target=report, args=(name,))
    child.start()
    child.join()
    if child.exitcode != 0:
        raise ChildProcessError(f"{name}: {child.exitcode}")


def quickest(context: BaseContext) -> int:
    """The time for a process, in µs."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        start(context, "")
        times.append(time.perf_counter() - begin)
    return int(min(times) * 1e6)


def main() -> None:
    global setting
    fork = multiprocessing.get_context("fork")
    spawn = multiprocessing.get_context("spawn")
    forkserver = multiprocessing.get_context("forkserver")
    setting = 42
    print(f"main: setting {setting}, pid {os.getpid()}")

    start(fork, "fork")
    start(spawn, "spawn")
    start(forkserver, "server 1")

    f, s, p = quickest(fork), quickest(forkserver), quickest(spawn)

    begun, end = threading.Event(), threading.Event()

    def stay() -> None:
        print("thread: here, main should fork no more")
        begun.set()
        end.wait()
        print("thread: leaves")

    thread = threading.Thread(target=stay)
    thread.start()
    begun.wait()
    start(forkserver, "server 2")
    end.set()
    thread.join()
    # There is no public way to wait for the server; else it ends after main.
    multiprocessing.forkserver._forkserver._stop()

    print(f"main: a fork takes {f} µs, by the server {s} µs, a spawn {p} µs")
    print(f"main: a spawn costs {p / f:.1f} forks")


if __name__ == "__main__":
    main()
