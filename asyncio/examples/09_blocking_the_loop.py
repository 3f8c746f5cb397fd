"""Blocking the loop: one blocking sleep stops every task."""

import asyncio
import time

NAP = 0.02


async def main() -> None:
    ticks: asyncio.Queue[None] = asyncio.Queue(maxsize=1)
    clock = asyncio.create_task(tick(ticks))
    timer = asyncio.create_task(fire_after(0.005))
    await ticks.get()  # and the timer is set

    blocking_sleep()  # on the loop
    print(f"sleeper: slept on the loop, ticks meanwhile: {ticks.qsize()}")
    await timer

    loop = asyncio.get_running_loop()
    took, meanwhile = await asyncio.to_thread(sleep_and_count, ticks, loop)
    print(
        f"sleeper: slept {took * 1000:.0f} ms in the pool, "
        f"ticks meanwhile: {meanwhile}"
    )
    clock.cancel()
    await asyncio.wait([clock])


def blocking_sleep() -> None:
    time.sleep(NAP)


def sleep_and_count(
    ticks: asyncio.Queue[None], loop: asyncio.AbstractEventLoop
) -> tuple[float, int]:
    start = time.perf_counter()
    blocking_sleep()  # in the pool
    took = time.perf_counter() - start
    count = 0
    for _ in range(3):
        asyncio.run_coroutine_threadsafe(ticks.get(), loop).result()
        count += 1
    return took, count


async def tick(ticks: asyncio.Queue[None]) -> None:
    while True:
        await ticks.put(None)


async def fire_after(due: float) -> None:
    set_at = time.perf_counter()
    await asyncio.sleep(due)
    late = time.perf_counter() - set_at
    print(
        f"timer: due after {due * 1000:.0f} ms, "
        f"fired after {late * 1000:.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(main())
