"""First completed: the first that is ready wins."""

import asyncio


async def main() -> None:
    done, losers = await first({"far": 20, "near": 10})
    for loser in losers:
        loser.cancel()
    await asyncio.wait(losers)
    print(f"main: {done.pop().result()} won, the other one is gone")

    done, losers = await first({"far": 20, "near": 10})
    print(f"main: {done.pop().result()} won, the other one goes on")
    for loser in losers:
        print(f"main: {await loser} came too")

    stops = 0
    for _ in range(64):
        stop, mail = ready("stop"), ready("mail")
        ended, _ = await asyncio.wait(
            [mail, stop], return_when=asyncio.FIRST_COMPLETED
        )
        if stop in ended:
            stops += 1
    print(f"main: both ready 64 times, stop won {stops} times")


async def first(
    turns: dict[str, int],
) -> tuple[set[asyncio.Task[str]], set[asyncio.Task[str]]]:
    tasks = [asyncio.create_task(ask(*one)) for one in turns.items()]
    return await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


async def ask(name: str, turns: int) -> str:
    print(f"{name}: asks")
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        print(f"{name}: is cut off")
        raise
    print(f"{name}: answers")
    return name


def ready(value: str) -> asyncio.Future[str]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


if __name__ == "__main__":
    asyncio.run(main())
