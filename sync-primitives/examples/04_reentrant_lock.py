"""Reentrant lock: its holder may take it again."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from types import TracebackType


class CountedLock:
    """An RLock that shows how often it is held."""

    def __init__(self) -> None:
        self.holds = 0  # changed by the owner alone
        self._lock = threading.RLock()

    def acquire(self, blocking: bool = True) -> bool:
        taken = self._lock.acquire(blocking)
        if taken:
            self.holds += 1
        return taken

    def release(self) -> None:
        self.holds -= 1
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def descend(lock: CountedLock, n: int) -> None:
    with lock:
        print(f"worker: n={n}, holds {lock.holds}")
        if n > 0:
            descend(lock, n - 1)
            print(f"worker: back in n={n}, holds {lock.holds}")
        if n in (0, 3):
            visit(lock, 1 if n == 0 else 2)


def ask(lock: CountedLock, visitor: int) -> None:
    if lock.acquire(blocking=False):
        print(f"visitor {visitor}: in, holds {lock.holds}")
        lock.release()
    else:
        print(f"visitor {visitor}: busy")


def visit(lock: CountedLock, visitor: int) -> None:
    """Another thread asks for the lock, and has gone when this returns."""
    thread = threading.Thread(target=ask, args=(lock, visitor))
    thread.start()
    thread.join()


def write_record(
    name: str,
    console: CountedLock,
    whole: bool,
    between: Callable[[], object] = lambda: None,
) -> None:
    with console if whole else nullcontext():
        write_line(name, console, "begins")
        between()
        write_line(name, console, "ends")


def write_line(name: str, console: CountedLock, what: str) -> None:
    with console:
        print(f"{name}: {what} a record, holds {console.holds}")


def share_console(*, whole: bool) -> None:
    console = CountedLock()
    turn = threading.Barrier(2)

    def bobs_turn() -> None:
        turn.wait()  # between ann's two lines
        turn.wait()

    def bob() -> None:
        turn.wait()
        free = console.acquire(blocking=False)
        if free:
            console.release()
            write_record("bob", console, whole)
        turn.wait()
        if not free:
            write_record("bob", console, whole)

    anns = ("ann", console, whole, bobs_turn)
    threads = [
        threading.Thread(target=write_record, args=anns),
        threading.Thread(target=bob),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    lock = CountedLock()
    worker = threading.Thread(target=descend, args=(lock, 3))
    worker.start()
    worker.join()
    print(f"main: the worker has ended, holds {lock.holds}")
    visit(lock, 3)

    print("main: the lock is held for a line")
    share_console(whole=False)
    print("main: the lock is held for a record")
    share_console(whole=True)


if __name__ == "__main__":
    main()
