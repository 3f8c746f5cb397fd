"""Sync against async: three waits one after the other, or all at once."""

import asyncio
import time

PAUSE = 0.02


async def main() -> None:
    start = time.perf_counter()
    for _ in range(3):
        count_blocking()
    print(f"main: {(time.perf_counter() - start) * 1000:.0f} ms")

    start = time.perf_counter()
    await asyncio.gather(count(), count(), count())
    print(f"main: {(time.perf_counter() - start) * 1000:.0f} ms")


def count_blocking() -> None:
    print("sync: One")
    time.sleep(PAUSE)
    print("sync: Two")


async def count() -> None:
    print("async: One")
    await asyncio.sleep(PAUSE)
    print("async: Two")


if __name__ == "__main__":
    asyncio.run(main())
