"""Concurrency is not parallelism: taking turns, or running at one instant."""

import itertools
import mmap
import os
import resource
import sys

COUNT, STOP = 0, 1


def switches() -> tuple[int, int]:
    """This process's switches so far: voluntary, involuntary."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_nvcsw, usage.ru_nivcsw


def watch(memory: memoryview, enough: int | None) -> tuple[int, int]:
    """How many turns are seen, and how many run at one instant at most."""
    for turns in itertools.count():
        if turns == enough:
            break
        before = switches()
        seen = memory[COUNT]
        while memory[COUNT] == seen:
            pass
        if switches() == before:
            return turns, 2
    return turns, 1


def run_pinned(
    memory: memoryview, runner: int, watcher: int
) -> tuple[int, int]:
    memory[STOP] = 0
    os.sched_setaffinity(0, {runner})
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        while not memory[STOP] and os.getppid() == parent:
            memory[COUNT] += 1
        os._exit(0)
    try:
        # The runner has inherited its core; now the watcher goes to its own.
        os.sched_setaffinity(0, {watcher})
        return watch(memory, 5 if runner == watcher else None)
    finally:
        memory[STOP] = 1
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise ChildProcessError(f"the runner ended with {status}")


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, pinning is Linux's own")
        return
    cores = sorted(os.sched_getaffinity(0))
    print(f"main: cores used {min(len(cores), 2)}")
    one, other = cores[0], cores[-1]
    with mmap.mmap(-1, 16) as shared, memoryview(shared).cast("Q") as memory:
        turns, most = run_pinned(memory, one, one)
        print(f"main: on one core, turns {turns}, at one instant {most}")
        turns, most = run_pinned(memory, one, other)
        print(f"main: on a core each, turns {turns}, at one instant {most}")


if __name__ == "__main__":
    main()
