"""Preemption: a thread that never yields does not stop the others."""

import os
import resource
import sys
import threading
import time

spins = 0
stop = False
used = []


def switches() -> "tuple[int, int]":
    """The calling thread's switches so far: voluntary, involuntary."""
    usage = resource.getrusage(resource.RUSAGE_THREAD)
    return usage.ru_nvcsw, usage.ru_nivcsw


def greedy() -> None:
    global spins
    before = switches()
    while not stop:
        spins += 1
    used.extend(now - then for now, then in zip(switches(), before))


def main() -> None:
    global stop
    if sys.platform != "linux":
        print("main: skipped, pinning is Linux's own")
        return
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    thread = threading.Thread(target=greedy)
    thread.start()
    for step in (1, 2, 3):
        seen = spins
        while spins == seen:
            time.sleep(0)  # yields the core, and the interpreter's lock
        print(f"polite: step {step}, greedy has spun on")
    stop = True
    thread.join()
    print("greedy: voluntary {}, involuntary {}".format(*used))


if __name__ == "__main__":
    main()
