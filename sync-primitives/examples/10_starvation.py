"""Starvation: the lock is always in use, and one thread never gets it."""

import threading


class ReadWriteLock:
    """Many readers or one writer; `fair` if nobody passes a waiting writer."""

    def __init__(self, fair: bool) -> None:
        self.fair = fair
        self.readers = 0
        self.writing = False
        self.writers_waiting = 0
        self.changed = threading.Condition()

    def _may_read(self) -> bool:
        queue_up = self.fair and self.writers_waiting > 0
        return not self.writing and not queue_up

    def _may_write(self) -> bool:
        return not self.writing and self.readers == 0

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

    def leave(self) -> None:
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def write(self) -> None:
        with self.changed:
            self.writers_waiting += 1
            self.changed.notify_all()
            self.changed.wait_for(self._may_write)
            self.writers_waiting -= 1
            self.writing = True

    def done(self) -> None:
        with self.changed:
            self.writing = False
            self.changed.notify_all()

    def await_writer(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.writers_waiting > 0)


def contend(lock: ReadWriteLock) -> None:
    writes = 0

    def write() -> None:
        nonlocal writes
        lock.write()
        writes += 1
        print("writer: has the lock")
        lock.done()

    lock.read()
    writer = threading.Thread(target=write)
    writer.start()
    lock.await_writer()
    print("main: reading, a writer waits")
    for _ in range(1000):
        if lock.try_read():
            lock.leave()  # in again before the last one is out
        else:
            lock.leave()
            lock.read()
    print(f"main: 1000 more reads, {writes} writes")
    lock.leave()
    writer.join()


def main() -> None:
    print("main: readers first")
    contend(ReadWriteLock(fair=False))
    print("main: nobody may pass")
    contend(ReadWriteLock(fair=True))


if __name__ == "__main__":
    main()
