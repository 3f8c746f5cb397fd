"""Gather and errors: the first one at once, or every outcome."""

import asyncio
from collections.abc import Coroutine


async def main() -> None:
    tasks = [asyncio.create_task(one) for one in fetches()]
    try:
        await asyncio.gather(*tasks)
    except LookupError as error:
        print(f"main: first error: {error}")
    tasks = [task for task in tasks if not task.done()]
    print(f"main: {len(tasks)} tasks still run")
    await asyncio.wait(tasks)

    outcomes = await asyncio.gather(*fetches(), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            print(f"main: error: {outcome}")
        else:
            print(f"main: value: {outcome}")


def fetches() -> list[Coroutine[None, None, str]]:
    return [
        fetch("users", 10, False),
        fetch("orders", 30, True),
        fetch("items", 20, False),
    ]


async def fetch(name: str, turns: int, there: bool) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)  # one turn of the loop
    if not there:
        print(f"{name}: fails")
        raise LookupError(f"no {name}")
    print(f"{name}: done")
    return name


if __name__ == "__main__":
    asyncio.run(main())
