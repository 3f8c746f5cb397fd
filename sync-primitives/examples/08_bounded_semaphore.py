"""Bounded semaphore: only what was taken can be given back."""

import threading
from concurrent.futures import ThreadPoolExecutor


def bounded() -> None:
    semaphore = threading.BoundedSemaphore(3)
    taken = 0
    while taken < 3:
        semaphore.acquire()
        taken += 1
    fourth = str(semaphore.acquire(blocking=False)).lower()
    print(f"main: bounded: {taken} permits taken, a fourth: {fourth}")
    for _ in range(taken):
        semaphore.release()
    try:
        semaphore.release()
        error = False
    except ValueError:
        error = True
    print(
        f"main: bounded: {taken} given back, "
        f"the next is an error: {str(error).lower()}"
    )
    rush("bounded", semaphore)


def plain() -> None:
    semaphore = threading.Semaphore(3)
    taken = 0
    while semaphore.acquire(blocking=False):
        taken += 1
    given_back = 0
    while given_back < taken + 1:
        semaphore.release()
        given_back += 1
    print(f"main: plain: {taken} permits taken, {given_back} given back")
    rush("plain", semaphore)


def rush(name: str, semaphore: threading.Semaphore) -> None:
    """Six threads ask for a permit at once; nobody gives one back."""
    all_here = threading.Barrier(6)

    def ask() -> bool:
        all_here.wait()
        return semaphore.acquire(blocking=False)

    with ThreadPoolExecutor(max_workers=6) as pool:
        asking = [pool.submit(ask) for _ in range(6)]
        got_in = [asked.result() for asked in asking]
    print(f"main: {name}: {sum(got_in)} of {len(got_in)} get in")


def main() -> None:
    bounded()
    plain()


if __name__ == "__main__":
    main()
