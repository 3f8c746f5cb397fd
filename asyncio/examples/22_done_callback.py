"""Done callback: called with what became of a task."""

import asyncio


async def main() -> None:
    tasks = [
        asyncio.create_task(divide(14, 2, 2), name="quotient"),
        asyncio.create_task(divide(1, 0, 1), name="by zero"),
        asyncio.create_task(divide(1, 1, 3600), name="slow"),
    ]
    tasks[2].cancel()
    ran: list[str] = []

    def on_done(task: asyncio.Task[int]) -> None:
        ran.append(describe(task))
        print(ran[-1])

    print(f"main: adds {len(tasks)} callbacks")
    for task in tasks:
        task.add_done_callback(on_done)
    await asyncio.wait(tasks)
    print(f"main: {len(ran)} callbacks have run")


async def divide(x: int, y: int, turns: int) -> int:
    for _ in range(turns):
        await asyncio.sleep(0)
    if y == 0:
        raise ZeroDivisionError("division by zero")
    return x // y


def describe(task: asyncio.Task[int]) -> str:
    name = task.get_name()
    if task.cancelled():
        return f"{name}: cancelled"
    if error := task.exception():
        return f"{name}: error {error}"
    return f"{name}: result {task.result()}"


if __name__ == "__main__":
    asyncio.run(main())
