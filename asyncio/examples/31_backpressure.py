"""Backpressure: what a full queue does to its producer."""

import asyncio
from collections import deque

ITEMS = 10


class Receiver:
    """Keeps the newest items and counts those that it has lost."""

    def __init__(self, maxlen: int) -> None:
        self.items: deque[int] = deque(maxlen=maxlen)
        self.news = asyncio.Event()
        self.closed = False
        self.got = 0
        self.lost = 0

    def send(self, item: int) -> None:
        self.lost += len(self.items) == self.items.maxlen
        self.items.append(item)
        self.news.set()

    def close(self) -> None:
        self.closed = True
        self.news.set()

    async def receive(self, name: str) -> None:
        while self.items or not self.closed:
            await self.news.wait()
            self.news.clear()
            self.got += len(self.items)
            self.items.clear()
        print(f"{name}: got {self.got}, lost {self.lost}")


async def main() -> None:
    most = await most_in_queue(asyncio.Queue())
    print(f"main: unbounded, most in the queue: {most} of {ITEMS}")

    most = await most_in_queue(asyncio.Queue(maxsize=2))  # waits
    print(f"main: bounded, most in the queue: {most} of {ITEMS}")

    queue: asyncio.Queue[int] = asyncio.Queue(maxsize=2)  # refuses
    refused = 0
    for n in range(ITEMS):
        try:
            queue.put_nowait(n)
        except asyncio.QueueFull:
            refused += 1
    print(f"main: refusing, {queue.qsize()} taken in, {refused} refused")

    fast, slow = Receiver(maxlen=2), Receiver(maxlen=2)
    await asyncio.gather(publish(fast, slow), fast.receive("fast"))
    await slow.receive("slow")


async def most_in_queue(queue: asyncio.Queue[int]) -> int:
    """How many items were made and not taken, at most."""
    most, _ = await asyncio.gather(produce(queue), consume(queue))
    return most


async def produce(queue: asyncio.Queue[int]) -> int:
    most = 0
    for n in range(ITEMS):
        await queue.put(n)
        most = max(most, queue.qsize())
    return most


async def consume(queue: asyncio.Queue[int]) -> None:
    for _ in range(ITEMS):
        await queue.get()


async def publish(*receivers: Receiver) -> None:
    for n in range(ITEMS):
        for receiver in receivers:
            receiver.send(n)
        await asyncio.sleep(0)  # fast takes it
    for receiver in receivers:
        receiver.close()


if __name__ == "__main__":
    asyncio.run(main())
