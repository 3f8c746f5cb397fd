"""Async context: entered, used, and left, after an error too."""

import asyncio
from typing import Self


class Session:
    def __init__(self, name: str) -> None:
        self.name = name
        self.pages = 0

    async def __aenter__(self) -> Self:
        print(f"{self.name}: opening")
        await asyncio.sleep(0)  # the greeting
        print(f"{self.name}: open")
        self.pages = 3
        return self

    async def __aexit__(self, *error: object) -> None:
        print(f"{self.name}: closing")
        await asyncio.sleep(0)  # the goodbye
        print(f"{self.name}: closed")

    async def read(self, n: int) -> str:
        await asyncio.sleep(0)
        print(f"{self.name}: reads page {n}")
        if n > self.pages:
            raise LookupError(f"there is no page {n}")
        return f"page {n}"


async def main() -> None:
    for line in await asyncio.gather(visit("ann", 1), visit("bob", 9)):
        print(line)


async def visit(name: str, n: int) -> str:
    try:
        async with Session(name) as session:
            page = await session.read(n)
        return f"{name}: gave {page}"
    except LookupError as error:
        return f"{name}: gave an error, {error}"


if __name__ == "__main__":
    asyncio.run(main())
