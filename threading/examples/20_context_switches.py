"""Context switches: given up of one's own will, or taken away."""

import os
import resource
import signal
import sys
import threading
import time

NAPS = 20


def switches(since: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """The calling thread's switches since then: voluntary, involuntary."""
    used = resource.getrusage(resource.RUSAGE_THREAD)
    return used.ru_nvcsw - since[0], used.ru_nivcsw - since[1]


def sleeper() -> None:
    start = switches()
    for _ in range(NAPS):
        time.sleep(0.001)
    voluntary, involuntary = switches(start)
    print(
        f"sleeper: naps {NAPS}, voluntary {voluntary}, "
        f"involuntary {involuntary}"
    )


def cruncher() -> None:
    start = switches()
    while switches(start)[1] < 5:
        sum(range(10_000))
    voluntary, involuntary = switches(start)
    print(
        f"cruncher: on {len(os.sched_getaffinity(0))} core, "
        f"voluntary {voluntary}, involuntary {involuntary}"
    )


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, the counts are Linux's own")
        return
    thread = threading.Thread(target=sleeper)
    thread.start()
    thread.join()

    # No second thread now: it would ask for the interpreter's lock, and to hand
    # the lock over is to wait for it again.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    parent = os.getpid()
    rival = os.fork()
    if rival == 0:
        while os.getppid() == parent:
            pass
        os._exit(0)
    try:
        cruncher()
    finally:
        os.kill(rival, signal.SIGKILL)
        os.waitpid(rival, 0)


if __name__ == "__main__":
    main()
