"""A greedy task: it starves the rest until it yields."""

import asyncio

PIECES = 3
turns = 0


def work() -> int:
    return sum(range(1000))


async def ready() -> None:
    """Awaiting this never goes back to the loop."""


async def modest() -> None:
    global turns
    while True:
        turns += 1
        await asyncio.sleep(0)


async def never_awaits() -> int:
    before = turns
    for _ in range(PIECES):
        work()
    return turns - before


async def awaits_what_is_ready() -> int:
    before = turns
    for _ in range(PIECES):
        work()
        await ready()
    return turns - before


async def yields() -> int:
    before = turns
    for _ in range(PIECES):
        work()
        await asyncio.sleep(0)  # lets go
    return turns - before


async def main() -> None:
    other = asyncio.create_task(modest())
    await asyncio.sleep(0)  # lets modest begin

    left = await asyncio.create_task(never_awaits())
    print(f"greedy: never awaits, turns left to modest: {left}")
    left = await asyncio.create_task(awaits_what_is_ready())
    print(f"greedy: awaits what is ready, turns left to modest: {left}")
    left = await asyncio.create_task(yields())
    print(f"greedy: yields, turns left to modest: {left}")

    other.cancel()


if __name__ == "__main__":
    asyncio.run(main())
