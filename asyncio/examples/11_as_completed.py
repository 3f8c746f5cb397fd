"""As completed: each result as soon as it is there."""

import asyncio


async def main() -> None:
    inputs = [(2, 3, 30), (4, 5, 40), (5, 5, 10), (7, 2, 20)]
    additions = [add(x, y, turns) for x, y, turns in inputs]
    for addition in asyncio.as_completed(additions):
        print(f"main: {await addition}")


async def add(x: int, y: int, turns: int) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)  # one turn of the loop
    print(f"add {x} + {y}: finished")
    return f"{x} + {y} = {x + y}"


if __name__ == "__main__":
    asyncio.run(main())
