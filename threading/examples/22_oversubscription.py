"""Oversubscription: more threads than cores only switch more."""

import os
import resource
import sys
import threading
import time

MANY = 2000
N = 100_000


def switches() -> int:
    """The switches of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_nvcsw + usage.ru_nivcsw


def run(threads: int) -> float:
    """How many milliseconds it took."""
    before = switches()
    start = time.perf_counter()
    parts = [0] * threads
    begun = threading.Semaphore(0)
    gate = threading.Event()

    def part(first: int) -> None:
        begun.release()
        gate.wait()
        parts[first] = sum(n * n for n in range(first, N, threads))

    workers = [
        threading.Thread(target=part, args=(first,)) for first in range(threads)
    ]
    try:
        for worker in workers:
            worker.start()
        alive = sum(begun.acquire() for _ in workers)
    finally:
        gate.set()
    for worker in workers:
        worker.join()
    took = (time.perf_counter() - start) * 1e3
    print(
        f"main: {alive} threads, sum {sum(parts)}, "
        f"switches {switches() - before}"
    )
    return took


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, the counts are Linux's own")
        return
    cores = len(os.sched_getaffinity(0))
    print(f"main: {cores} cores")
    threading.stack_size(64 << 10)
    few = run(cores)
    more = run(10 * cores)
    many = run(MANY)
    print(f"main: took {few:.1f}, {more:.1f} and {many:.1f} ms")


if __name__ == "__main__":
    main()
