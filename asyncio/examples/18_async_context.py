"""Async context: entered, used, and left, after an error too."""

import asyncio
from typing import Self

ROUND_TRIP = 0.01


class Session:
    async def __aenter__(self) -> Self:
        print("session: opening")
        await asyncio.sleep(ROUND_TRIP)
        print("session: open")
        self.pages = 3
        return self

    async def __aexit__(self, *error: object) -> None:
        print("session: closing")
        await asyncio.sleep(ROUND_TRIP)
        print("session: closed")


async def main() -> None:
    for n in (1, 9):
        try:
            async with Session() as session:
                page = await read(session, n)
            print(f"main: {page}")
        except LookupError as error:
            print(f"main: error: {error}")


async def read(session: Session, n: int) -> str:
    print(f"body: reads page {n}")
    await asyncio.sleep(ROUND_TRIP)
    if n > session.pages:
        raise LookupError(f"there is no page {n}")
    return f"page {n}"


if __name__ == "__main__":
    asyncio.run(main())
