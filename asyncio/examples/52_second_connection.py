"""A second connection: each task holds one and waits for another."""

import asyncio

LIMIT = 0.02


class Pool:
    def __init__(self, size: int) -> None:
        self.free = size
        self.changed = asyncio.Condition()

    async def take(self, count: int) -> int:
        async with self.changed:
            await self.changed.wait_for(lambda: self.free >= count)
            self.free -= count
        return count

    async def give_back(self, count: int) -> None:
        async with self.changed:
            self.free += count
            self.changed.notify_all()


async def main() -> None:
    pool, both = Pool(2), asyncio.Barrier(2)
    print(f"main: a pool of {pool.free}")
    await asyncio.gather(
        one_then_another("ann", pool, both, 10 * LIMIT),
        one_then_another("bob", pool, both, LIMIT),
    )
    print(f"main: free again: {pool.free}")
    await asyncio.gather(two_at_once("ann", pool), two_at_once("bob", pool))
    print(f"main: free again: {pool.free}")


async def one_then_another(
    name: str, pool: Pool, both: asyncio.Barrier, limit: float
) -> None:
    held = await pool.take(1)
    try:
        print(f"{name}: has {held}")
        await both.wait()
        try:
            held += await asyncio.wait_for(pool.take(1), limit)
            print(f"{name}: has a second one")
        except TimeoutError:
            print(f"{name}: gets no second one in time")
        await both.wait()  # nobody gives back before
    finally:
        await pool.give_back(held)


async def two_at_once(name: str, pool: Pool) -> None:
    print(f"{name}: asks for 2")
    held = await pool.take(2)
    try:
        print(f"{name}: has {held}")
        await asyncio.sleep(0)  # the other one asks
        print(f"{name}: done")
    finally:
        await pool.give_back(held)


if __name__ == "__main__":
    asyncio.run(main())
