"""Await: this task waits, others go on, the value comes back."""

import asyncio


async def main() -> None:
    task = asyncio.create_task(other())
    print("main: awaits g")
    data = await g()
    print(f"main: g returned {data}")
    await task


async def g() -> str:
    print("g: awaits f")
    data = await f()
    print(f"g: f returned {data}")
    return data


async def f() -> str:
    tasks = len(asyncio.all_tasks()) - 1
    print(f"f: fetching, tasks besides main: {tasks}")
    await turns(3)
    print("f: half of it")
    await turns(3)
    print("f: fetched")
    return "some data"


async def other() -> None:
    for n in (1, 2, 3):
        await asyncio.sleep(0)
        print(f"other: {n}")


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)  # one turn of the loop


if __name__ == "__main__":
    asyncio.run(main())
