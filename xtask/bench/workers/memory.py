"""Hold n that wait, until the end."""

import multiprocessing
import threading
import time

held = []


def thread(n):
    never = threading.Event()
    for _ in range(n):
        worker = threading.Thread(target=never.wait, daemon=True)
        worker.start()
        held.append(worker)
    return n


def task():
    import asyncio

    async def wait(never):
        await never

    async def work(n):
        never = asyncio.get_running_loop().create_future()
        held.extend(asyncio.create_task(wait(never)) for _ in range(n))
        await asyncio.sleep(0)  # each has begun
        return n

    return work


def processes(method):
    context = multiprocessing.get_context(method)

    def work(n):
        if n == 0:
            return n
        met = context.Barrier(n + 1)
        for _ in range(n):
            process = context.Process(target=wait, args=(met,), daemon=True)
            process.start()
            held.append(process)
        met.wait()
        time.sleep(0.05)
        return n

    return work


def wait(met):
    met.wait()
    time.sleep(3600)


def fork():
    return processes("fork")


def spawn():
    return processes("spawn")
