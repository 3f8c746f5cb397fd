"""Async queue: joined when each item is done, not when it is taken."""

import asyncio
import time

Queue = asyncio.Queue[tuple[int, float]]


async def main() -> None:
    print("main: 10 producers, 5 consumers")
    queue: Queue = asyncio.Queue()
    log: list[tuple[int, float]] = []
    producers = [
        asyncio.create_task(produce(n, queue)) for n in range(1, 11)
    ]
    consumers = [asyncio.create_task(consume(queue, log)) for _ in range(5)]
    produced = sum(await asyncio.gather(*producers), start=[])
    print(f"main: produced {len(produced)} items")

    await queue.join()
    print(f"main: joined, {len(log)} items are done")
    longest = max(waited for _, waited in log)
    print(f"main: the longest wait in the queue: {longest * 1000:.0f} ms")

    for consumer in consumers:
        consumer.cancel()
    await asyncio.wait(consumers)
    cancelled = sum(consumer.cancelled() for consumer in consumers)
    consumed = sorted(item for item, _ in log)
    assert consumed == sorted(produced)
    print(f"main: {cancelled} consumers cancelled, each item once")


async def produce(n: int, queue: Queue) -> list[int]:
    items = [100 * n + k for k in range(n)]
    for item in items:
        await asyncio.sleep(0.001)
        await queue.put((item, time.perf_counter()))
    return items


async def consume(queue: Queue, log: list[tuple[int, float]]) -> None:
    while True:
        item, put = await queue.get()
        waited = time.perf_counter() - put
        await asyncio.sleep(0.002)  # the work
        log.append((item, waited))
        queue.task_done()


if __name__ == "__main__":
    asyncio.run(main())
