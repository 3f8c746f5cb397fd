"""A toy executor: under 100 lines, and it runs what asyncio runs."""

import asyncio
import heapq
import itertools
import queue
import threading
import time

BOIL = 0.02
polls = 0


class Future:
    def __init__(self) -> None:
        self.done = False
        self.waiter = None

    def __await__(self):
        if not self.done:
            yield self  # goes to the executor

    def set_result(self, _result: None) -> None:
        self.done = True
        if self.waiter is not None:
            self.waiter()


class Executor:
    def __init__(self) -> None:
        self.ready = queue.SimpleQueue()
        self.timers = []
        self.number = itertools.count()
        self.unfinished = 0

    def create_future(self) -> Future:
        return Future()

    def call_soon_threadsafe(self, callback, *args) -> None:
        self.ready.put((callback, args))

    def create_task(self, coroutine) -> None:
        self.unfinished += 1
        self.ready.put((self.step, (coroutine,)))

    async def sleep(self, seconds: float) -> None:
        future = self.create_future()
        due = time.monotonic() + seconds
        heapq.heappush(self.timers, (due, next(self.number), future))
        await future

    def step(self, coroutine) -> None:
        try:
            future = coroutine.send(None)
        except StopIteration:
            self.unfinished -= 1
        else:
            # The waker: back into the queue.
            future.waiter = lambda: self.ready.put((self.step, (coroutine,)))

    def run(self) -> None:
        while self.unfinished > 0:
            patience = None
            if self.timers:
                patience = max(0.0, self.timers[0][0] - time.monotonic())
            try:
                callback, args = self.ready.get(timeout=patience)
            except queue.Empty:
                heapq.heappop(self.timers)[2].set_result(None)
            else:
                callback(*args)


class counted:
    """Awaits a coroutine and counts how often it is resumed."""

    def __init__(self, coroutine) -> None:
        self.coroutine = coroutine

    def __await__(self):
        global polls
        while True:
            polls += 1
            try:
                yielded = self.coroutine.send(None)
            except StopIteration:
                return
            yield yielded


async def kettle(sleep, pour) -> None:
    print("kettle: on")
    await sleep(BOIL)
    print("kettle: boils")
    pour.set_result(None)


async def cup(water, ring: threading.Event) -> None:
    print("cup: waits for water")
    await water
    print("cup: full")
    ring.set()


async def guest(door) -> None:
    print("guest: waits for the door")
    await door
    print("guest: comes in")


def breakfast(loop, sleep):
    water, door = loop.create_future(), loop.create_future()
    bell = threading.Event()

    def visit() -> None:
        bell.wait()
        print("visitor: opens the door, from another thread")
        loop.call_soon_threadsafe(door.set_result, None)

    visitor = threading.Thread(target=visit)
    visitor.start()
    return [cup(water, bell), guest(door), kettle(sleep, water)], visitor


async def task(coroutine) -> None:
    await counted(coroutine)


async def on_asyncio() -> threading.Thread:
    tasks, visitor = breakfast(asyncio.get_running_loop(), asyncio.sleep)
    await asyncio.gather(*(task(one) for one in tasks))
    return visitor


def main() -> None:
    global polls
    print("main: on the toy executor")
    toy = Executor()
    tasks, visitor = breakfast(toy, toy.sleep)
    for one in tasks:
        toy.create_task(task(one))
    toy.run()
    visitor.join()
    print(f"main: 3 tasks, {polls} polls")

    polls = 0
    print("main: on asyncio")
    asyncio.run(on_asyncio()).join()
    print(f"main: 3 tasks, {polls} polls")


if __name__ == "__main__":
    main()
