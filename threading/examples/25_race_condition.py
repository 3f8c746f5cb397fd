"""Race condition: one stale write undoes 100,000 updates; three cures."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

EACH = 100_000


class Counter(Protocol):
    def add(self, gap: Callable[[], None]) -> None:
        """Adds 1; `gap` is called between the read and the write."""

    def is_locked(self) -> bool: ...

    def total(self) -> int: ...


class ReadAndWrite:
    def __init__(self) -> None:
        self.stale = 0

    def add(self, gap: Callable[[], None]) -> None:
        seen = self.stale
        gap()
        self.stale = seen + 1

    def is_locked(self) -> bool:
        return False

    def total(self) -> int:
        return self.stale


class Locked:
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()

    def add(self, gap: Callable[[], None]) -> None:
        with self.lock:
            seen = self.value
            gap()
            self.value = seen + 1

    def is_locked(self) -> bool:
        return self.lock.locked()

    def total(self) -> int:
        return self.value


class Appended:
    def __init__(self) -> None:
        self.updates: deque[int] = deque()

    def add(self, gap: Callable[[], None]) -> None:
        self.updates.append(1)  # one call, with no gap inside
        gap()

    def is_locked(self) -> bool:
        return False

    def total(self) -> int:
        return len(self.updates)


def race(name: str, counter: Counter) -> None:
    """Ann stops once between her read and her write, until bob is done."""
    turn = threading.Barrier(2)

    def stop() -> None:
        turn.wait()
        turn.wait()

    def go_on() -> None:
        pass

    def ann() -> None:
        counter.add(stop)
        for _ in range(1, EACH):
            counter.add(go_on)

    def bob() -> int:
        turn.wait()
        done = 0 if counter.is_locked() else EACH
        for _ in range(done):
            counter.add(go_on)
        turn.wait()
        for _ in range(done, EACH):
            counter.add(go_on)
        return done

    with ThreadPoolExecutor(max_workers=2) as threads:
        anns, bobs = threads.submit(ann), threads.submit(bob)
        anns.result()
    print(
        f"main: {name}: {bobs.result()} updates in the gap, "
        f"{counter.total()} of {2 * EACH} counted"
    )


def own_counts() -> None:
    both = threading.Barrier(2)

    def count() -> tuple[int, int]:
        both.wait()
        own = 0
        for _ in range(EACH):
            own += 1
        return own, threading.get_ident()

    with ThreadPoolExecutor(max_workers=2) as threads:
        futures = [threads.submit(count) for _ in range(2)]
    counts, idents = zip(*(future.result() for future in futures), strict=True)
    print(
        f"main: own counts: by {len(set(idents))} threads, "
        f"{sum(counts)} of {2 * EACH} counted"
    )


def main() -> None:
    race("read and write", ReadAndWrite())
    race("mutex", Locked())
    race("atomic", Appended())
    own_counts()


if __name__ == "__main__":
    main()
