"""Async iterator: the protocol by hand, with a wait at each step."""

import asyncio
from typing import Self


class Counter:
    def __init__(self, limit: int) -> None:
        self.count = 0
        self.limit = limit

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int:
        if self.count == self.limit:
            raise StopAsyncIteration
        await asyncio.sleep(0)  # one turn of the loop
        self.count += 1
        return self.count


async def main() -> None:
    await asyncio.gather(consume("ann"), consume("bob"))
    print("main: both have ended")


async def consume(name: str) -> None:
    async for n in Counter(3):
        print(f"{name}: {n}")


if __name__ == "__main__":
    asyncio.run(main())
