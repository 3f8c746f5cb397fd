"""Task group: one failure stops the siblings, every error is reported."""

import asyncio

HOUR = 3600


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(square(n)) for n in (1, 2, 3)]
    print(f"main: squares {[task.result() for task in tasks]}")

    errors: list[Exception] = []
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(parser())
            group.create_task(upload())
            group.create_task(heartbeat())
    except* (LookupError, OSError) as failed:
        errors.extend(failed.exceptions)
    print(f"main: {len(asyncio.all_tasks()) - 1} tasks alive")
    for error in errors:
        print(f"main: error in {error}")


async def square(n: int) -> int:
    for _ in range(4 - n):  # the first ends last
        await asyncio.sleep(0)
    print(f"square {n}: {n * n}")
    return n * n


async def parser() -> None:
    print("parser: started")
    await asyncio.sleep(0)  # the siblings start
    print("parser: fails")
    raise LookupError("parser: a bug")


async def upload() -> None:
    print("upload: started")
    try:
        await asyncio.sleep(HOUR)
        print("upload: an hour later")
    except asyncio.CancelledError:
        print("upload: cancelled, says goodbye")
        await asyncio.sleep(0)  # the goodbye
        print("upload: is refused")
        raise OSError("upload: goodbye refused") from None


async def heartbeat() -> None:
    print("heartbeat: started")
    try:
        await asyncio.sleep(HOUR)
        print("heartbeat: an hour later")
    except asyncio.CancelledError:
        print("heartbeat: cancelled, stops")
        raise


if __name__ == "__main__":
    asyncio.run(main())
