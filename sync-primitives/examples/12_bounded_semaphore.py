"""Bounded semaphore: what was not taken cannot be given back."""

import threading


def rush(semaphore: threading.Semaphore) -> int:
    """Four threads ask for a permit; nobody gives one back."""
    inside = []

    def enter(visitor: int) -> None:
        if semaphore.acquire(blocking=False):
            inside.append(visitor)

    threads = [threading.Thread(target=enter, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(inside)


def main() -> None:
    bounded = threading.BoundedSemaphore(3)
    for _ in range(3):
        bounded.acquire()
    if not bounded.acquire(blocking=False):
        print("main: bounded: 3 permits out, no fourth")
    for _ in range(3):
        bounded.release()
    try:
        bounded.release()
    except ValueError:
        print("main: bounded: 3 given back, the fourth is an error")
    print(f"main: bounded: {rush(bounded)} of 4 get in")

    plain = threading.Semaphore(3)
    for _ in range(3):
        plain.acquire()
    for _ in range(4):
        plain.release()
    print("main: plain: 4 given back")
    print(f"main: plain: {rush(plain)} of 4 get in")


if __name__ == "__main__":
    main()
