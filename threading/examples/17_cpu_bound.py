"""CPU-bound work: two threads take turns while the interpreter has one lock."""

import os
import resource
import sys
import threading
import time


def gil_enabled() -> bool:
    """False only in a free-threaded build (3.13 and newer)."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def sum_squares() -> None:
    total = 0
    for n in range(10_000_000):
        total += n * n
    name = threading.current_thread().name.replace("MainThread", "main")
    print(f"{name}: {total}")


def switches() -> tuple[int, int]:
    """The calling thread's switches so far: voluntary, involuntary."""
    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return usage.ru_nvcsw, usage.ru_nivcsw


class Runner(threading.Thread):
    count = 0
    stopped = False

    def run(self) -> None:
        while not self.stopped:
            self.count += 1


def watch(runner: Runner, enough: "int | None") -> int:
    """How many run at one instant at most; gives up after enough turns."""
    turns = 0
    while turns != enough:
        before = switches()
        seen = runner.count
        while runner.count == seen:
            pass
        if switches() == before:
            return 2
        turns += 1
    return 1


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, the counts are Linux's own")
        return
    start = time.perf_counter()
    sum_squares()
    alone = time.perf_counter() - start

    both = threading.Barrier(2)

    met: list[str] = []

    def left_or_right() -> None:
        if both.wait() == 0:
            met.append("here")
        sum_squares()

    start = time.perf_counter()
    threads = [
        threading.Thread(target=left_or_right, name=name)
        for name in ("left", "right")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = time.perf_counter() - start
    speed_up = 2 * alone / together
    print(f"main: they met {len(met)} time, speed-up {speed_up:.2f}")

    possible = 1 if gil_enabled() else min(2, len(os.sched_getaffinity(0)))
    runner = Runner()
    runner.start()
    did = watch(runner, 5 if possible == 1 else None)
    runner.stopped = True
    runner.join()
    print(f"main: {possible} could compute at one instant, {did} did")


if __name__ == "__main__":
    main()
