"""Broken lock: a flag tested and then set lets two in."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Flag:
    """A lock made of a bool."""

    def __init__(self) -> None:
        self.taken = False

    def test_then_set(self, window: threading.Barrier) -> bool:
        free = not self.taken
        window.wait()  # both have tested
        if free:
            self.taken = True
        return free


def test_and_set(lock: threading.Lock, window: threading.Barrier) -> bool:
    taken = lock.acquire(blocking=False)
    window.wait()  # both have tried
    if taken:
        lock.release()
    return taken


def two_try(enter: Callable[[], bool]) -> str:
    """Two threads try to get in; says how many of them did."""
    with ThreadPoolExecutor(max_workers=2) as threads:
        trying = [threads.submit(enter) for _ in range(2)]
        entered = [tried.result() for tried in trying]
    return f"{sum(entered)} of {len(entered)}"


def add_under(lock: threading.Lock) -> int:
    total = 0
    turn = threading.Barrier(2)

    def ann() -> None:
        nonlocal total
        with lock:  # ann
            seen = total
            turn.wait()  # bob's turn, in the middle of ann's addition
            turn.wait()
            total = seen + 1

    def bob() -> None:
        nonlocal total
        turn.wait()
        came_in = str(not lock.locked()).lower()
        print(f"bob: comes in while ann holds the spin lock: {came_in}")
        turn.wait()
        while not lock.acquire(blocking=False):
            time.sleep(0)  # spins, and lets the GIL go
        total = total + 1
        lock.release()

    with ThreadPoolExecutor(max_workers=2) as threads:
        for task in [threads.submit(ann), threads.submit(bob)]:
            task.result()
    return total


def main() -> None:
    window = threading.Barrier(2)
    flag = Flag()
    inside = two_try(lambda: flag.test_then_set(window))
    free = str(not flag.taken).lower()
    print(f"main: test, then set: {inside} inside, a third finds it free: {free}")
    lock = threading.Lock()
    inside = two_try(lambda: test_and_set(lock, window))
    print(f"main: test and set in one step: {inside} inside")
    print(f"main: 2 additions under the spin lock: {add_under(lock)}")


if __name__ == "__main__":
    main()
