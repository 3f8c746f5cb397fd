"""Mutex: one thread at a time, and no addition is lost."""

import sys
import threading
from collections.abc import Callable


class Counter:
    def __init__(self, start: int) -> None:
        self.value = start
        self.lock = threading.Lock()

    def add(self, amount: int) -> None:
        self.update(lambda value: value + amount)

    def update(self, change: Callable[[int], int]) -> None:
        with self.lock:
            self.value = change(self.value)


def count(number: int, times: int) -> None:
    counter = Counter(0)
    here, met = Counter(0), Counter(sys.maxsize)
    all_here = threading.Barrier(number)

    def add_often() -> None:
        here.add(1)
        all_here.wait()
        met.update(lambda fewest: min(fewest, here.value))
        for _ in range(times):
            counter.add(1)

    threads = [threading.Thread(target=add_often) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        f"main: {met.value} threads met, add 1, {times} times each: "
        f"{counter.value}"
    )


def look_in_between() -> None:
    deposit = Counter(100)
    turn = threading.Barrier(2)

    def earn(value: int) -> int:
        print(f"ann: reads {value}")
        turn.wait()  # bob's turn, between her read and her write
        turn.wait()
        print(f"ann: writes {value + 10}")
        return value + 10

    def spend(value: int) -> int:
        print(f"bob: reads {value}, writes {value - 10}")
        return value - 10

    def bob() -> None:
        turn.wait()
        taken = str(deposit.lock.locked()).lower()
        print(f"bob: the lock is taken: {taken}")
        turn.wait()
        deposit.update(spend)

    threads = [
        threading.Thread(target=deposit.update, args=(earn,)),
        threading.Thread(target=bob),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"main: the deposit is {deposit.value}")


def main() -> None:
    count(1000, 1)
    count(5, 100_000)
    look_in_between()


if __name__ == "__main__":
    main()
