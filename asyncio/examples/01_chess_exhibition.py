"""Chess exhibition: one master, many boards, and no waiting at any of them."""

import asyncio
import time

PAUSE = 0.01


class Hall:
    def __init__(self) -> None:
        self.moves: list[str] = []
        self.thinking = 0
        self.most = 0


async def main() -> None:
    hall, start = Hall(), time.perf_counter()
    for board in range(1, 7):
        await play(board, hall)
    one_by_one = report("one by one", hall, start)

    hall, start = Hall(), time.perf_counter()
    games = [play(board, hall) for board in range(1, 7)]
    await asyncio.gather(*games)
    exhibition = report("exhibition", hall, start)

    print(f"main: {one_by_one} moves, and {exhibition} in the exhibition")


async def play(board: int, hall: Hall) -> None:
    for _ in range(3):
        hall.moves.append(str(board))
        hall.thinking += 1
        hall.most = max(hall.most, hall.thinking)
        await asyncio.sleep(PAUSE)
        hall.thinking -= 1


def report(how: str, hall: Hall, start: float) -> int:
    ms = (time.perf_counter() - start) * 1000
    print(f"main: {how}, boards {' '.join(hall.moves)}")
    print(f"main: most thinking at once: {hall.most}, {ms:.0f} ms")
    return len(hall.moves)


if __name__ == "__main__":
    asyncio.run(main())
