"""Done callback: called with what became of a task."""

import asyncio


async def main() -> None:
    tasks = [
        asyncio.create_task(divide(14, 2, 0), name="quotient"),
        asyncio.create_task(divide(1, 0, 0), name="by zero"),
        asyncio.create_task(divide(1, 1, 3600), name="slow"),
    ]
    print(f"main: adds {len(tasks)} callbacks")
    for task in tasks:
        task.add_done_callback(on_done)
    tasks[2].cancel()
    await asyncio.wait(tasks)
    print("main: the callbacks have run")


async def divide(x: int, y: int, seconds: int) -> int:
    await asyncio.sleep(seconds)
    if y == 0:
        raise ZeroDivisionError("division by zero")
    return x // y


def on_done(task: asyncio.Task[int]) -> None:
    name = task.get_name()
    if task.cancelled():
        print(f"{name}: cancelled")
    elif error := task.exception():
        print(f"{name}: error {error}")
    else:
        print(f"{name}: result {task.result()}")


if __name__ == "__main__":
    asyncio.run(main())
