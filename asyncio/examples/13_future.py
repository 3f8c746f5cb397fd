"""Future: one task sets the value that another awaits."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    main_heard = loop.create_future()
    task = asyncio.create_task(setter(future, main_heard))
    print("main: waits")
    value = await future
    print(f"main: got {value}")
    main_heard.set_result(None)
    await task
    print("main: the setter has ended")


async def setter(
    future: asyncio.Future[int], main_heard: asyncio.Future[None]
) -> None:
    print("setter: sets 42")
    future.set_result(42)
    print("setter: goes on at once")
    await main_heard
    print("setter: goes on after main")


if __name__ == "__main__":
    asyncio.run(main())
