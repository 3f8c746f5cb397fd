"""Preemption: a thread that never yields does not stop the others."""

import os
import resource
import sys
import threading
import time


def switches() -> tuple[int, int]:
    """The calling thread's switches so far: voluntary, involuntary."""
    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return usage.ru_nvcsw, usage.ru_nivcsw


def cores() -> int:
    return len(os.sched_getaffinity(0))


class Greedy(threading.Thread):
    spins = 0
    stopped = False

    def run(self) -> None:
        before = switches()
        while not self.stopped:
            self.spins += 1
        voluntary, involuntary = (
            now - then for now, then in zip(switches(), before, strict=True)
        )
        print(
            f"greedy: on {cores()} core, voluntary {voluntary}, "
            f"involuntary {involuntary}"
        )


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, pinning is Linux's own")
        return
    first = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {first})
    print(f"main: both threads on {cores()} core")
    greedy = Greedy()
    greedy.start()
    for step in (1, 2, 3):
        seen = greedy.spins
        while greedy.spins == seen:
            time.sleep(0)  # yields the core, and the interpreter's lock
        print(f"main: step {step}, greedy has spun on")
    greedy.stopped = True
    greedy.join()
    print("main: greedy has ended")


if __name__ == "__main__":
    main()
