"""Reference count: a plain one is torn, the interpreter's own is not."""

import itertools
import sys
import threading
import time
from collections.abc import Callable


class PlainCount:
    def __init__(self) -> None:
        self.count = 1
        self.both_loaded = threading.Barrier(2)

    def add_owner(self) -> None:
        """Adds an owner as `count += 1` does in C, where no lock is held."""
        seen = self.count
        self.both_loaded.wait()
        self.count = seen + 1


def run_in_two_threads(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cost(count: Callable[[], object]) -> float:
    """Nanoseconds for each call."""
    start = time.perf_counter()
    for _ in range(20_000):
        count()
    return (time.perf_counter() - start) * 1e9 / 20_000


def main() -> None:
    plain = PlainCount()
    run_in_two_threads(plain.add_owner)
    print(f"main: plain, 3 owners, the count says {plain.count}")
    plain.count -= 2
    freed = ", freed too early" if plain.count == 0 else ""
    print(f"main: plain, 1 owner, the count says {plain.count}{freed}")

    first = object()
    others: list[object] = []
    both_here = threading.Barrier(2)
    # The call of `getrefcount` and main's own frame hold references too.
    extra = sys.getrefcount(first) - 1

    def add_reference() -> None:
        both_here.wait()
        others.append(first)

    run_in_two_threads(add_reference)
    count = sys.getrefcount(first) - extra
    print(f"main: safe, {1 + len(others)} owners, the count says {count}")
    others.clear()
    count = sys.getrefcount(first) - extra
    print(f"main: safe, 1 owner, the count says {count}")

    counted = 0

    def count_plainly() -> None:
        nonlocal counted
        counted += 1

    atomic = itertools.count()
    lock = threading.Lock()

    def count_under_lock() -> None:
        nonlocal counted
        with lock:
            counted += 1

    print(
        f"main: ns each: plain {cost(count_plainly):.1f}, "
        f"atomic {cost(lambda: next(atomic)):.1f}, "
        f"mutex {cost(count_under_lock):.1f}"
    )


if __name__ == "__main__":
    main()
