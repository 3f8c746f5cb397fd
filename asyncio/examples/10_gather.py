"""Gather: one await, all results, in argument order."""

import asyncio


async def add(x: int, y: int, turns: int) -> int:
    print(f"add {x} + {y}: started")
    for _ in range(turns):
        await asyncio.sleep(0)  # one turn of the loop
    print(f"add {x} + {y}: finished")
    return x + y


async def main() -> None:
    inputs = [(2, 3, 3), (4, 5, 4), (5, 5, 1), (7, 2, 2)]
    print(f"main: {len(inputs)} additions")
    additions = [add(x, y, turns) for x, y, turns in inputs]
    sums = await asyncio.gather(*additions)
    print(f"main: {sums}")


if __name__ == "__main__":
    asyncio.run(main())
