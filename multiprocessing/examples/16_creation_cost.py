"""Creation cost: a process, a thread, an asynchronous task."""

import asyncio
import multiprocessing
import resource
import sys
import threading

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


def cpu_time() -> float:
    """Processor time in s; a child's counts once it has been waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(w)[:2]) for w in who)


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
                start = cpu_time()
                work()
                taken = (cpu_time() - start) / count * 1e6
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
