"""Blocking the loop: one blocking sleep stops every task."""

import asyncio
import time

NAP = 0.02


def blocking_sleep() -> None:
    time.sleep(NAP)


def sleep_and_count(ticks: asyncio.Queue, loop) -> int:
    blocking_sleep()
    count = 0
    for _ in range(3):
        asyncio.run_coroutine_threadsafe(ticks.get(), loop).result()
        count += 1
    return count


async def tick(ticks: asyncio.Queue) -> None:
    while True:
        await ticks.put(None)


async def fire_after(due: int) -> None:
    set_at = time.perf_counter()
    await asyncio.sleep(due / 1000)
    late = (time.perf_counter() - set_at) * 1000
    print(f"timer: due after {due} ms, fired after {late:.0f} ms")


async def main() -> None:
    ticks = asyncio.Queue(maxsize=1)
    clock = asyncio.create_task(tick(ticks))
    timer = asyncio.create_task(fire_after(5))
    await asyncio.sleep(0)  # lets the timer be set
    await ticks.get()

    blocking_sleep()  # on the loop
    print(f"sleeper: slept on the loop, ticks meanwhile: {ticks.qsize()}")
    await timer

    loop = asyncio.get_running_loop()
    meanwhile = await asyncio.to_thread(sleep_and_count, ticks, loop)
    print(f"sleeper: slept in the pool, ticks meanwhile: {meanwhile}")
    clock.cancel()


if __name__ == "__main__":
    asyncio.run(main())
