"""Broken lock: a flag tested and then set lets two in."""

import threading
import time
from collections.abc import Callable

window = threading.Barrier(2)
turn = threading.Barrier(2)
taken = False
lock = threading.Lock()
total = 0


def test_then_set() -> bool:
    global taken
    free = not taken
    window.wait()
    if free:
        taken = True
    return free


def test_and_set() -> bool:
    got_it = lock.acquire(blocking=False)
    window.wait()
    return got_it


def ann() -> None:
    global total
    with lock:
        seen = total
        turn.wait()  # bob's turn, in the middle of ann's addition
        turn.wait()
        total = seen + 1


def bob() -> None:
    global total
    turn.wait()
    came_in = lock.acquire(blocking=False)
    print(f"bob: comes in while ann holds the spin lock: {str(came_in).lower()}")
    turn.wait()
    while not lock.acquire(blocking=False):
        time.sleep(0)  # lets go of the GIL
    total = total + 1
    lock.release()


def run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def two_try(enter: Callable[[], bool]) -> int:
    """Two threads try to get in, and nobody leaves."""
    inside = []
    run([
        threading.Thread(target=lambda: inside.append(enter()))
        for _ in range(2)
    ])
    return sum(inside)


def main() -> None:
    print(f"main: test, then set: {two_try(test_then_set)} inside")
    inside = two_try(test_and_set)
    print(f"main: test and set in one step: {inside} inside")
    lock.release()
    run([threading.Thread(target=ann), threading.Thread(target=bob)])
    print(f"main: 2 additions under the spin lock: {total}")


if __name__ == "__main__":
    main()
