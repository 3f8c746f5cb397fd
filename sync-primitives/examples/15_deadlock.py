"""Deadlock: two threads, two locks, opposite order."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Wait(NamedTuple):
    who: str
    lock: str
    holder: str


class WaitGraph:
    """Who holds which lock, and who waits for which."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.holder: dict[str, str] = {}
        self.wanted: dict[str, str] = {}
        self.requests = 0
        self.ended = 0

    def after_requests(self, count: int) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.requests >= count)

    def cycle_or_end(self, threads: int) -> list[Wait]:
        """Waits for a cycle, or for the end of so many threads."""
        with self.changed:
            self.changed.wait_for(
                lambda: self._cycle() or self.ended == threads
            )
            return self._cycle()

    def _cycle(self) -> list[Wait]:
        for start in self.wanted:
            if waits := self._cycle_from(start):
                return waits
        return []

    def _cycle_from(self, start: str) -> list[Wait]:
        waits: list[Wait] = []
        who = start
        while len(waits) < len(self.wanted):
            lock = self.wanted.get(who)
            holder = self.holder.get(lock) if lock else None
            if lock is None or holder is None:
                return []
            waits.append(Wait(who, lock, holder))
            if holder == start:
                return waits
            who = holder
        return []


class WatchedLock:
    """A plain lock that tells the graph who holds it and who waits."""

    def __init__(self, name: str, graph: WaitGraph) -> None:
        self.name = name
        self.graph = graph
        self.mutex = threading.Lock()

    def acquire(self, who: str) -> None:
        at_once = self.mutex.acquire(blocking=False)
        if not at_once:
            print(f"{who}: waits for {self.name}")
        with self.graph.changed:
            if not at_once:
                self.graph.wanted[who] = self.name
            self.graph.requests += 1
            self.graph.changed.notify_all()
        if not at_once:
            self.mutex.acquire()
        with self.graph.changed:
            self.graph.wanted.pop(who, None)
            self.graph.holder[self.name] = who
            self.graph.changed.notify_all()
        print(f"{who}: holds {self.name}")

    def release(self) -> None:
        with self.graph.changed:
            del self.graph.holder[self.name]
        self.mutex.release()


@contextmanager
def taken(lock: WatchedLock, who: str) -> Iterator[None]:
    lock.acquire(who)
    try:
        yield
    finally:
        lock.release()


def main() -> None:
    graph = WaitGraph()
    left, right = WatchedLock("left", graph), WatchedLock("right", graph)
    gate = threading.Event()

    def work(who: str, first: WatchedLock, second: WatchedLock) -> None:
        with taken(first, who):
            gate.wait()
            with taken(second, who):
                pass
        with graph.changed:
            graph.ended += 1
            graph.changed.notify_all()

    tasks = (("ann", left, right), ("bob", right, left))
    for task in tasks:
        threading.Thread(target=work, args=task, daemon=True).start()
    graph.after_requests(2)
    print("main: opens the gate")
    gate.set()
    cycle = graph.cycle_or_end(len(tasks))
    if not cycle:
        print("main: no deadlock")
        return
    print(f"main: deadlock of {len(cycle)} threads")
    for wait in sorted(cycle):
        print(f"main: {wait.who} waits for {wait.lock}, held by {wait.holder}")


if __name__ == "__main__":
    main()
