"""A toy executor: under 100 lines, and it runs what asyncio runs."""

import asyncio
import heapq
import itertools
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Protocol

BOIL = 0.02

Sleep = Callable[[float], Awaitable[None]]


class Loop(Protocol):
    """What the tasks need of a loop, toy or not."""

    def create_future(self) -> Any: ...

    def call_soon_threadsafe(self, callback: Callable, *args: Any) -> Any: ...


class Future:
    def __init__(self) -> None:
        self.done = False
        self.waiter: Callable[[], None] | None = None

    def __await__(self) -> Generator["Future", None, None]:
        if not self.done:
            yield self  # goes to the executor

    def set_result(self, _result: None) -> None:
        self.done = True
        if self.waiter is not None:
            self.waiter()


class Executor:
    def __init__(self) -> None:
        self.ready: queue.SimpleQueue[tuple[Callable, tuple]]
        self.ready = queue.SimpleQueue()
        self.timers: list[tuple[float, int, Future]] = []
        self.number = itertools.count()
        self.unfinished = 0

    def create_future(self) -> Future:
        return Future()

    def call_soon_threadsafe(self, callback: Callable, *args: Any) -> None:
        self.ready.put((callback, args))

    def create_task(self, coroutine: Coroutine[Future, None, None]) -> None:
        self.unfinished += 1
        self.ready.put((self.step, (coroutine,)))

    async def sleep(self, seconds: float) -> None:
        future = self.create_future()
        due = time.monotonic() + seconds
        heapq.heappush(self.timers, (due, next(self.number), future))
        await future

    def step(self, coroutine: Coroutine[Future, None, None]) -> None:
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


class Counted:
    """Awaits a coroutine and counts how often it is resumed."""

    def __init__(self, coroutine: Coroutine[Any, None, None]) -> None:
        self.coroutine = coroutine
        self.polls = 0

    def __await__(self) -> Generator[Any, None, None]:
        while True:
            self.polls += 1
            try:
                yielded = self.coroutine.send(None)
            except StopIteration:
                return
            yield yielded


async def kettle(sleep: Sleep, pour: Any) -> None:
    print("kettle: on")
    await sleep(BOIL)
    print("kettle: boils")
    pour.set_result(None)


async def cup(water: Awaitable[None], ring: threading.Event) -> None:
    print("cup: waits for water")
    await water
    print("cup: full")
    ring.set()


async def guest(door: Awaitable[None]) -> None:
    print("guest: waits for the door")
    await door
    print("guest: comes in")


def breakfast(
    loop: Loop, sleep: Sleep
) -> tuple[list[Counted], threading.Thread]:
    water, door = loop.create_future(), loop.create_future()
    bell = threading.Event()

    def visit() -> None:
        bell.wait()
        print("visitor: opens the door, from another thread")
        loop.call_soon_threadsafe(door.set_result, None)

    visitor = threading.Thread(target=visit)
    visitor.start()
    tasks = [cup(water, bell), guest(door), kettle(sleep, water)]
    return [Counted(task) for task in tasks], visitor


async def run(task: Counted) -> None:
    await task


async def on_asyncio() -> int:
    tasks, visitor = breakfast(asyncio.get_running_loop(), asyncio.sleep)
    await asyncio.gather(*(run(task) for task in tasks))
    visitor.join()
    return sum(task.polls for task in tasks)


def on_the_toy() -> int:
    toy = Executor()
    tasks, visitor = breakfast(toy, toy.sleep)
    for task in tasks:
        toy.create_task(run(task))
    toy.run()
    visitor.join()
    return sum(task.polls for task in tasks)


def main() -> None:
    print("main: on the toy executor")
    print(f"main: 3 tasks, {on_the_toy()} polls")
    print("main: on asyncio")
    print(f"main: 3 tasks, {asyncio.run(on_asyncio())} polls")


if __name__ == "__main__":
    main()
