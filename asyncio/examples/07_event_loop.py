"""Event loop: a loop driven by hand, and stopped from inside."""

import asyncio


def main() -> None:
    loop = asyncio.new_event_loop()
    queued = loop.create_task(add(5, 5))
    print(f"main: a task is queued, done: {str(queued.done()).lower()}")
    print(f"main: {loop.run_until_complete(add(3, 4))}")
    print(f"main: {loop.run_until_complete(queued)}")

    task = loop.create_task(results(loop))
    print("main: runs until stopped")
    loop.run_forever()
    task.result()

    print(f"main: closed: {str(loop.is_closed()).lower()}")
    loop.close()
    print(f"main: closed: {str(loop.is_closed()).lower()}")


async def add(x: int, y: int) -> int:
    return x + y


async def results(loop: asyncio.AbstractEventLoop) -> None:
    first = await add(3, 4)
    second = await add(5, 5)
    print(f"results: {first} {second}")
    print("results: stop")
    loop.stop()


if __name__ == "__main__":
    main()
