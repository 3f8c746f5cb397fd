"""Numbers from 1 to n through a bounded queue, summed on the other side."""

import queue
import threading

from cores import spread
from crew import Crew

CAPACITY = 1024


def through(items, senders, receivers):
    answers = queue.SimpleQueue()
    ended = threading.Barrier(receivers + 1)

    def consume(me):
        spread(me + 1)
        while True:
            total = 0
            # 0 says that the consumer shall hand in its sum.
            while item := items.get():
                total += item
            answers.put(total)
            ended.wait()

    for me in range(receivers):
        threading.Thread(target=consume, args=(me,), daemon=True).start()
    spread(0)

    def produce(me, part):
        for i in range(me * part + 1, (me + 1) * part + 1):
            items.put(i)
        return 0

    crew = Crew(senders, produce) if senders > 1 else None

    def work(n):
        if crew:
            crew.run(n)
        else:
            produce(0, n)
        for _ in range(receivers):
            items.put(0)
        total = sum(answers.get() for _ in range(receivers))
        ended.wait()
        return total

    return work


def queue_11():
    return through(queue.Queue(CAPACITY), 1, 1)


def queue_44():
    return through(queue.Queue(CAPACITY), 4, 4)


def queue_14():
    return through(queue.Queue(CAPACITY), 1, 4)


def simple_11():
    return through(queue.SimpleQueue(), 1, 1)


def simple_44():
    return through(queue.SimpleQueue(), 4, 4)


def simple_14():
    return through(queue.SimpleQueue(), 1, 4)


def async_through(senders, receivers):
    import asyncio

    async def consume(items):
        total = 0
        while item := await items.get():
            total += item
        return total

    async def produce(items, me, part):
        for i in range(me * part + 1, (me + 1) * part + 1):
            await items.put(i)

    async def work(n):
        items = asyncio.Queue(CAPACITY)
        consumers = [asyncio.create_task(consume(items)) for _ in range(receivers)]
        async with asyncio.TaskGroup() as group:
            for me in range(senders):
                group.create_task(produce(items, me, n // senders))
        for _ in consumers:
            await items.put(0)
        return sum(await asyncio.gather(*consumers))

    return work


def async_11():
    return async_through(1, 1)


def async_44():
    return async_through(4, 4)


def async_14():
    return async_through(1, 4)
