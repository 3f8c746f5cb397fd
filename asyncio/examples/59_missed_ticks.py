"""Missed ticks: an interval that fell behind bursts, delays or skips."""

import asyncio
import selectors
from typing import Any

# In milliseconds, of a clock that nobody waits for.
PERIOD = 10.0
BODY = 35.0


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


class Interval:
    def __init__(self, behavior: str) -> None:
        self.behavior = behavior
        self.due = asyncio.get_running_loop().time()

    async def tick(self) -> None:
        now = asyncio.get_running_loop().time()
        if now <= self.due:
            await asyncio.sleep(self.due - now)
            self.due += PERIOD
            return
        late = now - self.due
        match self.behavior:
            case "burst":
                self.due += PERIOD
            case "delay":
                self.due += late + PERIOD
            case "skip":
                self.due += PERIOD * (late // PERIOD + 1)


async def waits_for(ticks: Interval) -> bool:
    """Whether the next tick was still to come."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    await ticks.tick()
    return before < loop.time()


async def main() -> None:
    loop = asyncio.get_running_loop()
    for behavior in ("burst", "delay", "skip"):
        start = loop.time()
        ticks = Interval(behavior)
        await ticks.tick()  # the first is there at once
        await asyncio.sleep(BODY)
        without_wait = 0
        while not await waits_for(ticks):
            without_wait += 1
        following = loop.time() - start
        await ticks.tick()
        then = loop.time() - start
        print(
            f"main: {behavior}, ticks without a wait: {without_wait}, "
            f"the next at {following:.0f} ms, then {then:.0f}"
        )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=paused_loop) as runner:
        runner.run(main())
