"""Cancellation: a task stops at an await, and its clean-up runs."""

import asyncio

HOUR = 3600


async def main() -> None:
    at_await = asyncio.Event()
    task = asyncio.create_task(waiting(at_await))
    await at_await.wait()
    print("main: cancels it")
    task.cancel()
    await report("waiting", task)

    task = asyncio.create_task(running())
    await report("running", task)

    task = asyncio.create_task(unstarted())
    print("main: cancels one that has not started")
    task.cancel()
    await report("unstarted", task)


async def waiting(at_await: asyncio.Event) -> None:
    try:
        print("waiting: waits an hour")
        at_await.set()
        await asyncio.sleep(HOUR)
        print("waiting: an hour later")
    finally:
        print("waiting: clean-up")


async def running() -> None:
    try:
        print("running: cancels itself")
        asyncio.current_task().cancel()
        print("running: still runs, up to its next await")
        await asyncio.sleep(HOUR)
        print("running: an hour later")
    finally:
        print("running: clean-up")


async def unstarted() -> None:
    print("unstarted: started")


async def report(name: str, task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])
    print(f"main: {name} {'was cancelled' if task.cancelled() else 'ended'}")


if __name__ == "__main__":
    asyncio.run(main())
