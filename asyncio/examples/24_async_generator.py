"""Async generator: values made one by one, on demand, closed on leaving."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


async def main() -> None:
    async for n in numbers():
        print(f"main: got {n}")
    print("main: took all")

    async with aclosing(numbers()) as some:
        async for n in some:
            print(f"main: got {n}")
            if n == 1:
                print("main: leaves early")
                break
    print("main: left")


async def numbers() -> AsyncGenerator[int, None]:
    try:
        for n in range(3):
            await asyncio.sleep(0)
            print(f"source: makes {n}")
            yield n
    finally:
        print("source: closed")


if __name__ == "__main__":
    asyncio.run(main())
