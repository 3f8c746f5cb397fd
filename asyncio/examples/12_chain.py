"""Chain: one after the other inside, side by side outside."""

import asyncio


async def main() -> None:
    waits = [(1, 4, 1), (2, 1, 2), (3, 2, 4)]
    chains = [chain(n, first, second) for n, first, second in waits]
    ended = len(await asyncio.gather(*chains))
    print(f"main: {ended} chains have ended")


async def chain(n: int, first_turns: int, second_turns: int) -> None:
    p1 = await part1(n, first_turns)
    print(f"chain {n}: {p1}")
    p2 = await part2(n, p1, second_turns)
    print(f"chain {n}: {p2}")


async def part1(n: int, turns: int) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)  # one turn of the loop
    return f"result{n}-1"


async def part2(n: int, p1: str, turns: int) -> str:
    for _ in range(turns):
        await asyncio.sleep(0)  # a turn of part 2
    return f"result{n}-2 derived from {p1}"


if __name__ == "__main__":
    asyncio.run(main())
