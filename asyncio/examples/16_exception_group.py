"""Exception group: several errors, reported together, handled by kind."""

import asyncio


async def coro(name: str, turns: int, kind: type[Exception]) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)  # one turn of the loop
    print(f"coro {name}: fails")
    raise kind(f"error in coro {name}")


async def run_all() -> None:
    outcomes = await asyncio.gather(
        coro("a", 2, ValueError),
        coro("b", 4, TypeError),
        coro("c", 1, IndexError),
        return_exceptions=True,
    )
    errors = [one for one in outcomes if isinstance(one, Exception)]
    if errors:
        raise ExceptionGroup("Errors", errors)


async def main() -> None:
    try:
        try:
            await run_all()
        except ExceptionGroup as group:
            print(f"main: {group}")
            raise
    except* ValueError as values:
        report("value", values)
    except* TypeError as types:
        report("type", types)
    except* IndexError as indexes:
        report("index", indexes)


def report(kind: str, group: ExceptionGroup[Exception]) -> None:
    for error in group.exceptions:
        print(f"main: {kind}: {error}")


if __name__ == "__main__":
    asyncio.run(main())
