"""Changed while iterating: a writer comes in the middle of a loop."""

import threading
from collections.abc import Callable, Iterable

KEYS = ("ann", "bob", "cid")

Turn = Callable[[], object]


def race(writer: Callable[[Turn], None], read: Callable[[Turn], int]) -> int:
    """The writer comes when the loop calls what it is given, and the loop goes
    on when the writer calls what that is given."""
    turn = threading.Barrier(2)

    def write() -> None:
        turn.wait()
        writer(turn.wait)

    def at_first() -> None:
        turn.wait()
        turn.wait()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        return read(at_first)
    finally:
        thread.join()


def count(entries: Iterable[str], turn: Turn) -> int:
    """A loop that lets the writer come at its first entry."""
    seen = 0
    for _ in entries:
        if seen == 0:
            turn()
        seen += 1
    return seen


class Stock(dict[str, int]):
    def __init__(self) -> None:
        super().__init__((key, n) for n, key in enumerate(KEYS, start=1))

    def insert(self, go_on: Turn) -> None:
        self["dan"] = 4
        go_on()


def main() -> None:
    stock = Stock()
    try:
        race(stock.insert, lambda turn: count(stock, turn))
        print("main: the live map: disturbed: false, by nobody")
    except RuntimeError as error:
        print(f"main: the live map: disturbed: true, by {error}")

    stock = Stock()
    disturbed, seen = "false", 0
    try:
        seen = race(stock.insert, lambda turn: count(list(stock), turn))
    except RuntimeError:
        disturbed = "true"
    print(f"main: a copy: disturbed: {disturbed}, {seen} of {len(stock)} seen")

    stock = Stock()
    lock = threading.Lock()
    waited = False

    def insert_locked(go_on: Turn) -> None:
        nonlocal waited
        waited = lock.locked()
        go_on()
        with lock:
            stock["dan"] = 4

    def count_locked(turn: Turn) -> int:
        with lock:  # around the loop
            return count(stock, turn)

    seen = race(insert_locked, count_locked)
    print(
        f"main: a lock: the writer waited: {str(waited).lower()}, "
        f"{seen} of {len(stock)} seen"
    )


if __name__ == "__main__":
    main()
