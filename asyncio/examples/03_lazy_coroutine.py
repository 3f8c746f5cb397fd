"""Lazy coroutine: called but not awaited, it does nothing."""

import asyncio


async def main() -> None:
    unawaited = fetch_data()
    print(f"main: holds {unawaited}")
    unawaited.close()  # without it: "was never awaited", on stderr
    print("main: dropped it, nothing was fetched")

    fetched = fetch_data()
    print("main: holds another")
    print(f"main: awaited it: {await fetched}")

    task = asyncio.create_task(fetch_data())
    print("main: spawned a task")
    while not task.done():
        await asyncio.sleep(0)
    print("main: the task is done, nobody awaited it")


async def fetch_data() -> str:
    print("fetch_data: fetching")
    return "some data"


if __name__ == "__main__":
    asyncio.run(main())
