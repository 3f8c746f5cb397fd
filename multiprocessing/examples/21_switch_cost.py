"""Switch cost: a message back and forth between tasks, threads, processes."""

import asyncio
import multiprocessing
import os
import resource
import sys
import threading
from collections.abc import Callable

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")
MESSAGES = 2000  # half of them there, half of them back


async def by_tasks() -> None:
    to_other: asyncio.Queue[int] = asyncio.Queue(1)
    to_main: asyncio.Queue[int] = asyncio.Queue(1)

    async def other() -> None:
        for _ in range(MESSAGES // 2):
            await to_main.put(await to_other.get())

    task = asyncio.create_task(other())
    for message in range(MESSAGES // 2):
        await to_other.put(message)
        await to_main.get()
    await task


def by_threads() -> None:
    from_main, to_other = os.pipe()
    from_other, to_main = os.pipe()
    other = threading.Thread(target=echo, args=(from_main, to_main))
    other.start()
    talk(to_other, from_other)
    other.join()
    for end in (from_main, to_other, from_other, to_main):
        os.close(end)


def by_processes() -> None:
    from_main, to_other = os.pipe()
    from_other, to_main = os.pipe()
    other = context.Process(
        target=echo, args=(from_main, to_main), daemon=True
    )
    other.start()
    os.close(from_main)
    os.close(to_main)
    talk(to_other, from_other)
    other.join()
    os.close(to_other)
    os.close(from_other)
    if other.exitcode != 0:
        raise ChildProcessError(other.exitcode)


def talk(to_other: int, from_other: int) -> None:
    for _ in range(MESSAGES // 2):
        os.write(to_other, b".")
        if not os.read(from_other, 1):
            raise EOFError("the other has gone")


def echo(from_main: int, to_main: int) -> None:
    for _ in range(MESSAGES // 2):
        os.read(from_main, 1)
        os.write(to_main, b".")


def spent() -> tuple[float, int]:
    """Processor time in s and switches; a child's once it was waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usage = [resource.getrusage(w) for w in who]
    return (
        sum(u.ru_utime + u.ru_stime for u in usage),
        sum(u.ru_nvcsw + u.ru_nivcsw for u in usage),
    )


def measure(name: str, work: Callable[[], None]) -> float:
    """Processor time in µs for each message; the cheapest of some rounds."""
    costs = []
    for _ in range(5):
        before = spent()
        work()
        after = spent()
        costs.append((after[0] - before[0]) * 1e6 / MESSAGES)
        switches = after[1] - before[1]
    print(f"main: between {name}: {switches} switches by the kernel")
    return min(costs)


def main() -> None:
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})  # new threads and processes inherit it
    cores = len(os.sched_getaffinity(0))
    print(f"main: on {cores} core, {MESSAGES} messages")
    with asyncio.Runner() as runner:
        task = measure("tasks", lambda: runner.run(by_tasks()))
    thread = measure("threads", by_threads)
    process = measure("processes", by_processes)
    print(f"main: a message between tasks takes {task:.2f} µs")
    print(
        f"main: a message between threads takes {thread:.2f} µs,"
        f" {thread / task:.2f} times a task's"
    )
    print(
        f"main: a message between processes takes {process:.2f} µs,"
        f" {process / thread:.2f} times a thread's"
    )


if __name__ == "__main__":
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, pinning is Linux's own")
