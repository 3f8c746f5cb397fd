"""Tasks: started first, awaited later, running meanwhile."""

import asyncio


async def main() -> None:
    tasks = [asyncio.create_task(work(n)) for n in (1, 2, 3)]
    report_alive()
    for task in tasks:
        await task

    slow = asyncio.create_task(add("slow", 3, 4, 5))
    fast = asyncio.create_task(add("fast", 5, 5, 3))
    report_alive()
    print(f"main: {await slow} {await fast}")


async def work(n: int) -> None:
    print(f"task {n}: start")
    await asyncio.sleep(0.01 * n)
    print(f"task {n}: end")


async def add(name: str, x: int, y: int, turns: int) -> int:
    print(f"{name}: starts to add")
    for _ in range(turns):
        await asyncio.sleep(0)  # one turn of the loop
    print(f"{name}: result ready")
    return x + y


def report_alive() -> None:
    print(f"main: {len(asyncio.all_tasks()) - 1} tasks alive")


if __name__ == "__main__":
    asyncio.run(main())
