"""Async semaphore: 100 calls, 2 at a time."""

import asyncio
from collections.abc import Coroutine


class Server:
    def __init__(self) -> None:
        self.open = 0
        self.most = 0

    async def answer(self) -> None:
        if self.open == 2:
            raise ConnectionRefusedError("too many requests")
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0)  # one turn of the loop
        self.open -= 1


async def main() -> None:
    server = Server()
    calls = [server.answer() for _ in range(100)]
    print(f"main: {len(calls)} calls at once")
    await report(calls)

    limit = 2
    server, permits = Server(), asyncio.Semaphore(limit)
    calls = [call(server, permits) for _ in range(100)]
    print(f"main: {len(calls)} calls, {limit} permits")
    await report(calls)
    print(f"main: most at once: {server.most}")


async def call(server: Server, permits: asyncio.Semaphore) -> None:
    async with permits:
        await server.answer()


async def report(calls: list[Coroutine[None, None, None]]) -> None:
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    answered = outcomes.count(None)
    refused = len(outcomes) - answered
    print(f"main: {answered} answered, {refused} refused")


if __name__ == "__main__":
    asyncio.run(main())
