"""Semaphore as a mutex: one permit, given back by another thread."""

import queue
import threading


def free_permits(semaphore: threading.Semaphore) -> int:
    permits = 0
    while semaphore.acquire(blocking=False):
        permits += 1
    if permits:
        semaphore.release(permits)
    return permits


def print_pages(
    pages: queue.SimpleQueue[int | None], turn: threading.Semaphore
) -> None:
    while (page := pages.get()) is not None:
        print(f"printer: page {page} done, gives the permit back")
        turn.release()  # the printer


def main() -> None:
    turn = threading.Semaphore(1)
    print(f"main: {free_permits(turn)} permit")
    pages: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    printer = threading.Thread(target=print_pages, args=(pages, turn))
    printer.start()
    for page in (1, 2):
        turn.acquire()
        second = str(free_permits(turn) > 0).lower()
        print(
            f"main: took the permit for page {page}, a second permit: {second}"
        )
        pages.put(page)
    pages.put(None)
    printer.join()
    print(f"main: permits that are back: {free_permits(turn)}")


if __name__ == "__main__":
    main()
