"""The Python workers: `worker.py GROUP.FORM [--pin]`.

A worker is a function of n that does n operations and answers what they came to; or
a function of nothing that makes one, alone or with the ids of the processes that
take part.
"""

import importlib
import os
import sys
import time


def cpu(partners):
    """Processor time in ns: of this process, of ended children, of partners."""
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time_ns()
    total += int((children.ru_utime + children.ru_stime) * 1e9)
    for pid in partners:
        # The kernel's number for the clock of another process.
        total += int(time.clock_gettime((~pid << 3) | 2) * 1e9)
    return total


def tell(wall, used, check):
    print(wall, used, check, flush=True)


def serve(work, partners):
    print("ready", flush=True)
    for line in sys.stdin:
        n = int(line)
        used = cpu(partners)
        began = time.perf_counter_ns()
        check = work(n)
        wall = time.perf_counter_ns() - began
        tell(wall, cpu(partners) - used, check)


async def serve_async(work, partners):
    print("ready", flush=True)
    # To block between slices is well: nothing runs then.
    while line := sys.stdin.readline():
        n = int(line)
        used = cpu(partners)
        began = time.perf_counter_ns()
        check = await work(n)
        wall = time.perf_counter_ns() - began
        tell(wall, cpu(partners) - used, check)


def first_in_line():
    """A session of its own, which comes before others where that is allowed."""
    os.setsid()
    try:
        with open("/proc/self/autogroup", "w") as group:
            group.write("-20")
    except OSError:
        pass


def main():
    first_in_line()
    group, form = sys.argv[1].split(".")
    if "--pin" in sys.argv:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    found = getattr(importlib.import_module(group), form)
    work, partners = found, ()
    if found.__code__.co_argcount == 0:
        try:
            work = found()
        except NotImplementedError as reason:
            print("skip", reason, flush=True)
            return
        if isinstance(work, tuple):
            work, partners = work
    is_async = work.__code__.co_flags & 0x80
    if is_async:
        import asyncio

        asyncio.run(serve_async(work, partners))
    else:
        serve(work, partners)


if __name__ == "__main__":
    main()
