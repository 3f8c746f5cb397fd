"""Task group: one failure stops the siblings, every error is reported."""

import asyncio

HOUR = 3600


async def download() -> None:
    print("download: started")
    await asyncio.sleep(0)  # the siblings start
    print("download: fails")
    raise OSError("download: disk full")


async def upload() -> None:
    print("upload: started")
    try:
        await asyncio.sleep(HOUR)
        print("upload: an hour later")
    except asyncio.CancelledError:
        print("upload: cancelled, says goodbye")
        await asyncio.sleep(0.01)
        raise OSError("upload: goodbye refused")


async def heartbeat() -> None:
    print("heartbeat: started")
    try:
        await asyncio.sleep(HOUR)
        print("heartbeat: an hour later")
    except asyncio.CancelledError:
        print("heartbeat: cancelled, stops")
        raise


async def main() -> None:
    errors = []
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(download())
            group.create_task(upload())
            group.create_task(heartbeat())
    except* OSError as failed:
        errors.extend(failed.exceptions)
    print(f"main: {len(asyncio.all_tasks()) - 1} tasks alive")
    for error in errors:
        print(f"main: error in {error}")


if __name__ == "__main__":
    asyncio.run(main())
