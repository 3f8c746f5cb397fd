"""A greedy task: it starves the rest until it yields."""

import asyncio

PIECES = 3


class Modest:
    def __init__(self) -> None:
        self.turns = 0

    async def run(self) -> None:
        while True:
            self.turns += 1
            await asyncio.sleep(0)


async def main() -> None:
    modest = Modest()
    other = asyncio.create_task(modest.run())
    await asyncio.sleep(0)  # lets modest begin
    print(f"main: modest runs, turns so far: {modest.turns}")

    await asyncio.create_task(never_awaits(modest))
    await asyncio.create_task(awaits_what_is_ready(modest))
    await asyncio.create_task(yields(modest))

    other.cancel()
    await asyncio.wait([other])


async def never_awaits(modest: Modest) -> None:
    before, done = modest.turns, 0
    for _ in range(PIECES):
        done += work()
    report("never awaits", done, modest.turns - before)


async def awaits_what_is_ready(modest: Modest) -> None:
    before, done = modest.turns, 0
    for _ in range(PIECES):
        done += work()
        await ready()  # no wait
    report("awaits what is ready", done, modest.turns - before)


async def yields(modest: Modest) -> None:
    before, done = modest.turns, 0
    for _ in range(PIECES):
        done += work()
        await asyncio.sleep(0)  # lets go
    report("yields", done, modest.turns - before)


def report(how: str, done: int, left: int) -> None:
    print(f"greedy: {how}, did {done} pieces, turns left to modest: {left}")


def work() -> int:
    """One piece of work."""
    return sum(range(1000)) // 499_500


async def ready() -> None:
    """Awaiting this never goes back to the loop."""


if __name__ == "__main__":
    asyncio.run(main())
