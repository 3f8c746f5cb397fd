"""Reentrant lock: its holder may take it again."""

import re
import threading

lock = threading.RLock()


def hold_count() -> int:
    shown = re.search(r"count=(\d+)", repr(lock))
    return int(shown[1]) if shown else 0


def visitor() -> None:
    if lock.acquire(blocking=False):
        print(f"visitor: in, holds {hold_count()}")
        lock.release()
    else:
        print("visitor: busy")


def visit() -> None:
    """Another thread asks for the lock, and has gone when this returns."""
    thread = threading.Thread(target=visitor)
    thread.start()
    thread.join()


def descend(n: int) -> None:
    with lock:
        print(f"worker: n={n}, holds {hold_count()}")
        if n > 0:
            descend(n - 1)
            print(f"worker: back in n={n}, holds {hold_count()}")
        if n in (0, 3):
            visit()


def work() -> None:
    descend(3)
    print(f"worker: out, holds {hold_count()}")
    visit()


def main() -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
