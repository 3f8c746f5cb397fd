"""Async queue: joined when each item is done, not when it is taken."""

import asyncio
import time

Queue = asyncio.Queue[tuple[int, float]]


async def main() -> None:
    queue: Queue = asyncio.Queue()
    log: list[tuple[int, float]] = []
    permits = asyncio.Semaphore(0)
    producers = [
        asyncio.create_task(produce(n, queue)) for n in range(1, 11)
    ]
    consumers = [
        asyncio.create_task(consume(queue, permits, log)) for _ in range(5)
    ]
    print(f"main: {len(producers)} producers, {len(consumers)} consumers")

    produced = sum(await asyncio.gather(*producers), start=[])
    put, wait = len(produced), queue.qsize()
    print(f"main: produced {put} items, {put - wait} are in work, {wait} wait")
    await asyncio.sleep(0.02)

    joined = asyncio.create_task(queue.join())
    add_permits(permits, 50)
    while len(log) < 50 or not queue.empty():
        await asyncio.sleep(0)
    await asyncio.sleep(0)  # enough for a join that does not wait
    await asyncio.sleep(0)
    ended = str(joined.done()).lower()
    print(f"main: {len(log)} are done, {queue.qsize()} wait, joined: {ended}")
    add_permits(permits, 5)
    await joined
    print(f"main: {len(log)} are done, joined: true")

    for consumer in consumers:
        consumer.cancel()
    await asyncio.wait(consumers)
    cancelled = sum(consumer.cancelled() for consumer in consumers)
    longest = max(waited for _, waited in log)
    print(f"main: the longest wait in the queue: {longest * 1000:.0f} ms")
    consumed = sorted(item for item, _ in log)
    each = "once" if consumed == sorted(produced) else "not once"
    print(f"main: {cancelled} consumers cancelled, each item {each}")


async def produce(n: int, queue: Queue) -> list[int]:
    items = [100 * n + k for k in range(n)]
    for item in items:
        await asyncio.sleep(0)  # one turn of the loop
        await queue.put((item, time.perf_counter()))
    return items


async def consume(
    queue: Queue, permits: asyncio.Semaphore, log: list[tuple[int, float]]
) -> None:
    while True:
        item, put = await queue.get()
        waited = time.perf_counter() - put
        await permits.acquire()  # the work
        log.append((item, waited))
        queue.task_done()  # done


def add_permits(permits: asyncio.Semaphore, count: int) -> None:
    for _ in range(count):
        permits.release()


if __name__ == "__main__":
    asyncio.run(main())
