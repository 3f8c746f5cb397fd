"""A buffered stream: at most two at once, in order or as they come."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

# Pages, and how many steps each takes.
PAGES = [(1, 5), (2, 1), (3, 3), (4, 2), (5, 4), (6, 1)]


class Shop:
    def __init__(self) -> None:
        self.permits = asyncio.Semaphore(2)
        self.open = 0
        self.most = 0
        self.steps = 0

    async def fetch(self, page: int, steps: int) -> int:
        self.open += 1
        self.most = max(self.most, self.open)
        for _ in range(steps):
            await step()
            self.steps += 1
        self.open -= 1
        return page

    async def limited(self, page: int, steps: int) -> int:
        async with self.permits:
            return await self.fetch(page, steps)


async def main() -> None:
    shop = Shop()
    fetches = [shop.limited(*page) for page in PAGES]
    pages = await asyncio.gather(*fetches)
    print(f"main: in order {pages}, most at once: {shop.most}")

    shop = Shop()
    fetches = [shop.limited(*page) for page in PAGES]
    tasks = [asyncio.create_task(fetch) for fetch in fetches]
    pages = [await page for page in asyncio.as_completed(tasks)]
    print(f"main: as they come {pages}, most at once: {shop.most}")

    async with aclosing(one_by_one(shop)) as inline:
        pages = [await anext(inline)]
        steps = await steps_of_body(shop)
        pages += [page async for page in inline]
    print(f"main: inline, {len(pages)} pages, steps while the body waits: {steps}")

    tasks = [asyncio.create_task(shop.limited(*page)) for page in PAGES]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    steps = await steps_of_body(shop)
    pages = await asyncio.gather(*tasks)
    print(f"main: as tasks, {len(pages)} pages, steps while the body waits: {steps}")


async def one_by_one(shop: Shop) -> AsyncGenerator[int, None]:
    for page in PAGES:
        yield await shop.fetch(*page)


async def steps_of_body(shop: Shop) -> int:
    before = shop.steps
    for _ in range(10):
        await step()
    return shop.steps - before


async def step() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(main())
