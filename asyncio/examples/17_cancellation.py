"""Cancellation: a task stops where it waits, and its clean-up runs."""

import asyncio

HOUR = 3600


async def main() -> None:
    at_await = asyncio.Event()
    task = asyncio.create_task(waiting(at_await))
    await at_await.wait()
    print("main: cancels it")
    task.cancel()  # it waits
    await report("waiting", task)

    task = asyncio.create_task(unstarted())
    print("main: cancels one that has not started")
    task.cancel()  # it was never run
    await report("unstarted", task)

    await report("running", asyncio.create_task(running()))
    await report("stubborn", asyncio.create_task(stubborn()))


async def waiting(at_await: asyncio.Event) -> int:
    try:
        print("waiting: waits an hour")
        at_await.set()
        await asyncio.sleep(HOUR)
        print("waiting: an hour later")
        return 7
    finally:
        print("waiting: clean-up")


async def unstarted() -> int:
    print("unstarted: started")
    return 7


async def running() -> int:
    try:
        cancel_myself("running")
        passed = 0
        for _ in range(2):
            await ready()  # no wait
            passed += 1
        print(f"running: passes {passed} awaits that are ready")
        await asyncio.sleep(HOUR)
        print("running: an hour later")
        return 7
    finally:
        print("running: clean-up")


async def stubborn() -> int:
    try:
        cancel_myself("stubborn")
        try:
            await asyncio.sleep(HOUR)
        except asyncio.CancelledError:
            pass  # caught, not raised again
        print("stubborn: ends all the same")
        return 7
    finally:
        print("stubborn: clean-up")


async def report(name: str, task: asyncio.Task[int]) -> None:
    await asyncio.wait([task])
    if task.cancelled():
        print(f"main: {name} was cancelled")
    else:
        print(f"main: {name} gave {task.result()}")


async def ready() -> None:
    """Awaiting this never goes back to the loop."""


def cancel_myself(name: str) -> None:
    task = asyncio.current_task()
    assert task is not None
    print(f"{name}: cancels itself")
    task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
