"""Creation cost: a process, a thread, an asynchronous task."""

import asyncio
import multiprocessing
import sys
import threading
from time import perf_counter

context = multiprocessing.get_context("fork")


def nothing() -> None:
    pass


async def no_task() -> None:
    pass


def in_process() -> None:
    process = context.Process(target=nothing)
    process.start()
    process.join()


def in_thread() -> None:
    thread = threading.Thread(target=nothing)
    thread.start()
    thread.join()


async def hundred_tasks() -> None:
    for _ in range(100):
        await asyncio.create_task(no_task())


def main() -> None:
    with asyncio.Runner() as runner:
        kinds = [
            (1, in_process),
            (1, in_thread),
            (100, lambda: runner.run(hundred_tasks())),
        ]
        best = [float("inf")] * 3
        for _ in range(20):
            for kind, (count, work) in enumerate(kinds):
                start = perf_counter()
                work()
                taken = (perf_counter() - start) / count * 1e6
                best[kind] = min(best[kind], taken)
    process, thread, task = best
    print(f"main: a process takes {process:.1f} µs")
    print(f"main: a thread takes {thread:.1f} µs")
    print(f"main: a task takes {task:.1f} µs")
    print(f"main: a process costs {process / thread:.1f} threads")
    print(f"main: a thread costs {thread / task:.1f} tasks")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
