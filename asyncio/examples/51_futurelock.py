"""Futurelock: the one that holds the lock is not driven any more."""

import asyncio
import selectors
from collections.abc import AsyncIterator
from typing import Any

LIMIT = 1.0  # of a clock that nobody waits for


class PausedClock(selectors.DefaultSelector):
    """Puts the clock forward to the next timer instead of sleeping."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


def paused_loop() -> asyncio.AbstractEventLoop:
    clock = PausedClock()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now  # type: ignore[method-assign]
    return loop


async def work(lock: asyncio.Lock) -> AsyncIterator[None]:
    """Holds the lock over one of its values."""
    async with lock:
        print("work: has the lock")
        yield
    print("work: gives the lock back")


async def is_free_in_time(lock: asyncio.Lock) -> bool:
    try:
        async with asyncio.timeout(LIMIT):
            async with lock:
                return True
    except TimeoutError:
        return False


async def run_to_the_end(values: AsyncIterator[None]) -> None:
    async for _ in values:
        await asyncio.sleep(0)


async def main() -> None:
    lock = asyncio.Lock()
    suspended = work(lock)
    await anext(suspended)
    free = await is_free_in_time(lock)
    print(f"main: work is not polled, the lock in time: {show(free)}")
    await run_to_the_end(suspended)  # driven again, it goes on

    task = asyncio.create_task(run_to_the_end(work(lock)))
    await asyncio.sleep(0)  # it has the lock
    free = await is_free_in_time(lock)
    print(f"main: work is a task, the lock in time: {show(free)}")
    await task


def show(value: bool) -> str:
    return str(value).lower()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=paused_loop) as runner:
        runner.run(main())
