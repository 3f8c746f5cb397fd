"""Many at once, many that wait for a time, and one that is cancelled."""

import asyncio
import multiprocessing
import threading
import time

MANY = 10_000
WAITING = 100_000
HOUR = 3600


async def number(i):
    return i


async def gather(n):
    total = 0
    for _ in range(n // MANY):
        total += sum(await asyncio.gather(*map(number, range(MANY))))
    return total


async def gather_group(n):
    total = 0
    for _ in range(n // MANY):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(number(i)) for i in range(MANY)]
        total += sum(task.result() for task in tasks)
    return total


def timer():
    waiting = []

    async def work(n):
        loop = asyncio.get_running_loop()
        if not waiting:
            waiting.extend(loop.call_later(HOUR, print) for _ in range(WAITING))
        for _ in range(n):
            loop.call_later(HOUR / 2, print).cancel()
            # The loop clears away what was cancelled in its own turns.
        await asyncio.sleep(0)
        return n

    return work


def timer_thread(n):
    for _ in range(n):
        timer = threading.Timer(HOUR, print)
        timer.start()
        timer.cancel()
        timer.join()
    return n


async def cancel(n):
    cancelled = 0
    for _ in range(n):
        task = asyncio.create_task(asyncio.Event().wait())
        await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            cancelled += 1
    return cancelled


def cancel_thread(n):
    for _ in range(n):
        stop = threading.Event()
        thread = threading.Thread(target=stop.wait)
        thread.start()
        stop.set()
        thread.join()
    return n


def cancel_process():
    context = multiprocessing.get_context("fork")

    def work(n):
        killed = 0
        for _ in range(n):
            process = context.Process(target=time.sleep, args=(HOUR,))
            process.start()
            process.terminate()
            process.join()
            killed += process.exitcode < 0
            process.close()
        return killed

    return work
