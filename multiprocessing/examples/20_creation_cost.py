"""Creation cost: a program, a process, a thread, an asynchronous task."""

import asyncio
import multiprocessing
import resource
import subprocess
import sys
import threading
from collections.abc import Callable

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")


def nothing() -> None:
    pass


def new_program() -> int:
    program = [sys.executable, "-I", "-S", "-B", __file__, "nothing"]
    subprocess.run(program, check=True)
    return 1


def in_process() -> int:
    process = context.Process(target=nothing)
    process.start()
    process.join()
    return 1


def in_thread() -> int:
    thread = threading.Thread(target=nothing)
    thread.start()
    thread.join()
    return 1


async def hundred_tasks() -> int:
    async def no_task() -> None:
        pass

    tasks = 0
    for _ in range(100):
        await asyncio.create_task(no_task())
        tasks += 1
    return tasks


def cpu_time() -> float:
    """Processor time in s; a child's counts once it has been waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(w)[:2]) for w in who)


def cheapest(start: Callable[[], int], rounds: int = 20) -> float:
    """Processor time in µs for one; `start` starts as many as it says."""
    costs = []
    for _ in range(rounds):
        before = cpu_time()
        count = start()
        costs.append((cpu_time() - before) * 1e6 / count)
    return min(costs)


def main() -> None:
    program = cheapest(new_program, rounds=4)
    process = cheapest(in_process)
    thread = cheapest(in_thread)
    with asyncio.Runner() as runner:
        task = cheapest(lambda: runner.run(hundred_tasks()))
    print(f"main: a program takes {program:.1f} µs")
    print(f"main: a process takes {process:.1f} µs")
    print(f"main: a thread takes {thread:.1f} µs")
    print(f"main: a task takes {task:.1f} µs")
    print(f"main: a program costs {program / process:.1f} processes")
    print(f"main: a process costs {process / thread:.1f} threads")
    print(f"main: a thread costs {thread / task:.1f} tasks")


if __name__ == "__main__":
    # This program, started by itself, has nothing to do.
    if not sys.argv[1:]:
        main()
