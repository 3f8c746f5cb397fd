"""Starvation: the lock is always in use, and one thread never gets it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    """Many readers or one writer.

    New readers pass a waiting writer, unless `writers_first`.
    """

    def __init__(self, *, writers_first: bool) -> None:
        self.writers_first = writers_first
        self.readers = 0
        self.writing = False
        self.writers_waiting = 0
        self.changed = threading.Condition()

    def try_read(self) -> bool:
        with self.changed:
            if self._may_read():
                self.readers += 1
                return True
            return False

    def read(self) -> None:
        with self.changed:
            self.changed.wait_for(self._may_read)
            self.readers += 1

    def end_read(self) -> None:
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.changed:
            self.writers_waiting += 1
            self.changed.notify_all()
            self.changed.wait_for(self._may_write)
            self.writers_waiting -= 1
            self.writing = True
        try:
            yield
        finally:
            with self.changed:
                self.writing = False
                self.changed.notify_all()

    def wait_for_writer(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.writers_waiting > 0)

    def _may_read(self) -> bool:
        must_queue = self.writers_first and self.writers_waiting > 0
        return not self.writing and not must_queue

    def _may_write(self) -> bool:
        return not self.writing and self.readers == 0


def contend(number: int, lock: ReadWriteLock) -> None:
    writes = 0

    def write() -> None:
        nonlocal writes
        with lock.write():
            writes += 1
            print(f"writer {number}: has the lock")

    lock.read()
    writer = threading.Thread(target=write)
    writer.start()
    lock.wait_for_writer()
    waits = str(lock.writers_waiting > 0).lower()
    print(f"main: reading, a writer waits: {waits}")
    reads = waited = 0
    while reads < 1000:
        if lock.try_read():
            lock.end_read()  # in again before the last one is out
        else:
            waited += 1
            lock.end_read()
            lock.read()
        reads += 1
    print(f"main: {reads} more reads, {waited} of them waited, {writes} writes")
    lock.end_read()
    writer.join()


def main() -> None:
    print("main: readers pass a waiting writer")
    contend(1, ReadWriteLock(writers_first=False))
    print("main: a waiting writer goes first")
    contend(2, ReadWriteLock(writers_first=True))


if __name__ == "__main__":
    main()
