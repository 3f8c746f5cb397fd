"""Three ways: the same jobs by threads, by processes and by tasks."""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Awaitable, Callable
from multiprocessing.sharedctypes import Synchronized

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")
JOBS = 4
BUSY = 0.001


class Count:
    """Those under way, and the most of them, in memory processes share."""

    def __init__(self) -> None:
        self.now: Synchronized[int] = context.Value("i", 0)
        self.most: Synchronized[int] = context.Value("i", 0)

    def enter(self) -> None:
        with self.now.get_lock():
            self.now.value += 1
            self.most.value = max(self.most.value, self.now.value)

    def leave(self) -> None:
        with self.now.get_lock():
            self.now.value -= 1


def compute(busy: float) -> None:
    """Keeps a core busy for so long of this thread's own processor time."""
    end = time.thread_time() + busy
    while time.thread_time() < end:
        pass


def by_threads(job: Callable[[], None]) -> None:
    threads = [threading.Thread(target=job) for _ in range(JOBS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_processes(job: Callable[[], None]) -> None:
    children = [context.Process(target=job, daemon=True) for _ in range(JOBS)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        if child.exitcode != 0:
            raise ChildProcessError(child.exitcode)


def by_tasks(job: Callable[[], Awaitable[None]]) -> None:
    async def all_jobs() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(JOBS):
                group.create_task(job())

    asyncio.run(all_jobs())


def at_once(name: str, busy: float) -> None:
    """Shows how many jobs are under way at the same moment, each way."""

    def blocking(count: Count, meet: Callable[[], int]) -> Callable[[], None]:
        def job() -> None:
            count.enter()
            meet()
            compute(busy)
            count.leave()

        return job

    threads, processes, tasks = Count(), Count(), Count()
    by_threads(blocking(threads, threading.Barrier(JOBS).wait))
    by_processes(blocking(processes, context.Barrier(JOBS).wait))
    here = asyncio.Barrier(JOBS)

    async def job() -> None:
        tasks.enter()
        if not busy:
            await here.wait()
        else:
            compute(BUSY)  # on the loop
        tasks.leave()

    by_tasks(job)
    print(
        f"main: {JOBS} jobs that {name}: threads {threads.most.value} at once,"
        f" processes {processes.most.value} at once,"
        f" tasks {tasks.most.value} at once"
    )


def millis(work: Callable[[], None]) -> int:
    start = time.perf_counter()
    work()
    return int((time.perf_counter() - start) * 1000)


def mixed(waiting: int) -> None:
    idle = waiting / 10_000
    part = 0.010 - idle

    def job() -> None:
        compute(part)
        time.sleep(idle)

    async def task() -> None:
        compute(part)
        await asyncio.sleep(idle)

    alone = millis(lambda: [job() for _ in range(JOBS)])
    threads = millis(lambda: by_threads(job))
    processes = millis(lambda: by_processes(job))
    tasks = millis(lambda: by_tasks(task))
    print(
        f"main: {waiting} % waiting: {alone}, {threads}, {processes}, {tasks}"
    )


def main() -> None:
    at_once("wait", 0)
    at_once("compute", BUSY)
    print(
        f"main: ms for {JOBS} jobs of 10 ms,"
        " one by one, threads, processes, tasks"
    )
    for waiting in (10, 50, 90):
        mixed(waiting)


if __name__ == "__main__":
    main()
