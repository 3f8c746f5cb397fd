"""Shield: the waiter is cancelled, the work is not."""

import asyncio
from collections.abc import Awaitable


async def main() -> None:
    waiter = asyncio.create_task(wait_for(work("bare")))
    await cancel(waiter)

    shielded = asyncio.create_task(work("shielded"))
    waiter = asyncio.create_task(wait_for(asyncio.shield(shielded)))
    await cancel(waiter)
    await turns(100)
    print("main: asks later")
    print(f"main: the work gave {await shielded}")


async def wait_for(result: Awaitable[int]) -> int:
    return await result


async def cancel(waiter: asyncio.Task[int]) -> None:
    await turns(2)  # it waits
    print("main: cancels its waiter")
    waiter.cancel()
    await asyncio.wait([waiter])
    cancelled = str(waiter.cancelled()).lower()
    print(f"main: the waiter was cancelled: {cancelled}")


async def work(name: str) -> int:
    print(f"{name}: begins")
    try:
        await turns(20)
    except asyncio.CancelledError:
        print(f"{name}: is cut off")
        raise
    print(f"{name}: ends")
    return 42


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(main())
