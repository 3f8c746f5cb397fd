"""Atomics: one step that no other thread can interrupt."""

import itertools
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Number:
    """An integer with a compare-exchange, which Python has not got."""

    def __init__(self, value: int) -> None:
        self.value = value
        self.lock = threading.Lock()

    def compare_exchange(self, expected: int, new: int) -> tuple[bool, int]:
        """Writes if the value is as expected; also returns the old value."""
        with self.lock:
            old = self.value
            if self.value == expected:
                self.value = new
                return True, old
            return False, old

    def add(self, amount: int) -> None:
        with self.lock:
            self.value += amount


def draw_tickets() -> None:
    tickets = itertools.count()
    all_here = threading.Barrier(4)

    def draw() -> list[int]:
        all_here.wait()
        return [next(tickets) for _ in range(50_000)]

    with ThreadPoolExecutor(max_workers=4) as pool:
        workers = [pool.submit(draw) for _ in range(4)]
        drawn = [ticket for worker in workers for ticket in worker.result()]
    different = len(set(drawn))
    print(f"main: 4 workers drew {len(drawn)} tickets, {different} different")


def double_while_another_adds() -> None:
    number = Number(5)
    turn = threading.Barrier(2)

    def ann() -> None:
        seen = number.value
        print(f"ann: reads {seen}, wants to write {2 * seen}")
        turn.wait()  # bob's turn, between ann's read and her write
        turn.wait()
        while True:
            done, seen = number.compare_exchange(seen, 2 * seen)
            if done:
                break
            print(f"ann: finds {seen}, starts again")
        print(f"ann: wrote {number.value}")

    def bob() -> None:
        turn.wait()
        number.add(1)
        print("bob: adds 1")
        turn.wait()

    run(ann, bob)


def publish() -> None:
    answer = 0
    ready = threading.Event()
    turn = threading.Barrier(2)

    def look(not_ready: str) -> None:
        if ready.is_set():
            print(f"reader: too early, {answer}")
        else:
            print(f"reader: {not_ready}")

    def reader() -> None:
        look("not ready")
        turn.wait()  # the writer's turn
        turn.wait()
        look("still not ready")
        turn.wait()
        ready.wait()
        print(f"reader: ready, the answer is {answer}")

    def writer() -> None:
        nonlocal answer
        turn.wait()
        answer = 42
        print("writer: has written the data, not yet the flag")
        turn.wait()  # the reader's turn, between data and flag
        turn.wait()
        ready.set()  # publishes

    run(reader, writer)


def run(*tasks: Callable[[], None]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    sys.setswitchinterval(1e-5)  # with a GIL the threads take turns often
    draw_tickets()
    double_while_another_adds()
    publish()


if __name__ == "__main__":
    main()
