"""Mutex: one at a time, and no addition is lost."""

import threading


class Counter:
    def __init__(self, start: int) -> None:
        self.value = start
        self.lock = threading.Lock()

    def add(self, amount: int) -> None:
        with self.lock:
            self.value += amount


def add_often(counter: Counter, amount: int) -> None:
    for _ in range(100_000):
        counter.add(amount)


def run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    visitors = Counter(0)
    run([
        threading.Thread(target=visitors.add, args=(1,)) for _ in range(1000)
    ])
    print(f"main: 1000 threads add 1: {visitors.value}")

    steps = Counter(0)
    run([
        threading.Thread(target=add_often, args=(steps, 1)) for _ in range(5)
    ])
    print(f"main: 5 threads add 1, 100000 times each: {steps.value}")

    deposit = Counter(100)
    run([
        threading.Thread(target=add_often, args=(deposit, amount))
        for amount in (10, -10)
    ])
    rest = deposit.value
    print(f"main: 100000 profits and 100000 bills of 10, on 100: {rest}")


if __name__ == "__main__":
    main()
