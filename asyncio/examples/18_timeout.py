"""Timeout: a wait with a limit, and a fallback."""

import asyncio

LIMIT = 0.03


async def main() -> None:
    for name, wait in (("quick", 0), ("slow", 0.05)):
        result: int | str
        try:
            result = await asyncio.wait_for(add(name, 3, 4, wait), LIMIT)
        except TimeoutError:
            result = "fallback payload"
        print(f"main: {result}")

    kept = asyncio.create_task(add("kept", 3, 4, 0.05))
    try:
        async with asyncio.timeout(LIMIT):
            await asyncio.shield(kept)
    except TimeoutError:
        print("main: fallback payload")
    await asyncio.sleep(2 * LIMIT)
    print("main: waited on, and only the kept one has finished")


async def add(name: str, x: int, y: int, wait: float) -> int:
    print(f"{name}: adds {x} + {y}")
    await asyncio.sleep(wait)
    print(f"{name}: finished")
    return x + y


if __name__ == "__main__":
    asyncio.run(main())
