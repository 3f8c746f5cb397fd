"""Many tasks: 100,000 wait in one thread, beside 500 threads."""

import asyncio
import gc
import os
import queue
import sys
import threading
import time

TASKS = 100_000
THREADS = 500


def threads_seen_by_the_kernel() -> int:
    return len(os.listdir("/proc/self/task"))


def resident_bytes() -> int:
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


async def wait(gate: asyncio.Event) -> int:
    await gate.wait()  # all wait here
    return 1


async def many_tasks() -> int:
    gate = asyncio.Event()
    before, start = resident_bytes(), time.perf_counter()
    tasks = [asyncio.create_task(wait(gate)) for _ in range(TASKS)]
    await asyncio.sleep(0)  # each has had its first turn
    micros = (time.perf_counter() - start) * 1e6 / TASKS
    per_task = (resident_bytes() - before) // TASKS
    report_alive()
    print(f"main: a task takes {per_task} bytes, {micros:.1f} us to start")
    gate.set()
    went_on = 0
    for task in tasks:
        went_on += await task
    print(f"main: {went_on} tasks went on")
    report_alive()
    return per_task


def report_alive() -> None:
    alive = len(asyncio.all_tasks()) - 1  # all but this one
    seen = threads_seen_by_the_kernel()
    print(f"main: {alive} tasks alive, the kernel sees {seen} thread")


def many_threads() -> int:
    gate = threading.Event()
    told: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait() -> None:
        told.put(None)
        gate.wait()  # the threads too

    threads: list[threading.Thread] = []
    before, start = resident_bytes(), time.perf_counter()
    try:
        for _ in range(THREADS):
            thread = threading.Thread(target=wait)
            thread.start()
            threads.append(thread)
        for _ in threads:
            told.get()
        micros = (time.perf_counter() - start) * 1e6 / THREADS
        per_thread = (resident_bytes() - before) // THREADS
        seen = threads_seen_by_the_kernel()
    finally:  # also where one could not start: the others wait
        gate.set()
        for thread in threads:
            thread.join()
    print(f"main: {len(threads)} threads wait, the kernel sees {seen}")
    print(f"main: a thread takes {per_thread} bytes, {micros:.1f} us to start")
    return per_thread


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    gc.disable()  # it would go over all the tasks again and again
    per_task = asyncio.run(many_tasks())
    times = many_threads() / per_task
    print(f"main: in memory a thread is {times:.1f} tasks")


if __name__ == "__main__":
    main()
