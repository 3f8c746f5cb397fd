"""Read-write lock: many readers together, a writer alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    def __init__(self) -> None:
        self.readers = 0
        self.writing = False
        self.changed = threading.Condition()

    @contextmanager
    def read(self) -> Iterator[None]:
        with self.changed:
            self.changed.wait_for(self._may_read)
            self.readers += 1
        try:
            yield
        finally:
            with self.changed:
                self.readers -= 1
                self.changed.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.changed:
            self.changed.wait_for(self._may_write)
            self.writing = True
        try:
            yield
        finally:
            with self.changed:
                self.writing = False
                self.changed.notify_all()

    def reader_gets_in(self) -> bool:
        with self.changed:
            return self._may_read()

    def writer_gets_in(self) -> bool:
        with self.changed:
            return self._may_write()

    def _may_read(self) -> bool:
        return not self.writing

    def _may_write(self) -> bool:
        return not self.writing and self.readers == 0


class Page:
    def __init__(self, text: int) -> None:
        self.text = text
        self.lock = ReadWriteLock()


def read(reader: int, page: Page, step: threading.Barrier) -> None:
    with page.lock.read():
        print(f"reader {reader}: reads {page.text}")
        step.wait()  # all three are in
        step.wait()  # main has tried


def late_reader(lock: ReadWriteLock, number: int) -> None:
    print(f"reader {number}: gets in: {str(lock.reader_gets_in()).lower()}")


def late_writer(lock: ReadWriteLock, number: int) -> None:
    print(f"writer {number}: gets in: {str(lock.writer_gets_in()).lower()}")


def late(lock: ReadWriteLock, reader: int, writer: int) -> None:
    for task, number in ((late_reader, reader), (late_writer, writer)):
        thread = threading.Thread(target=task, args=(lock, number))
        thread.start()
        thread.join()


def main() -> None:
    page = Page(1)
    step = threading.Barrier(4)
    readers = [
        threading.Thread(target=read, args=(number, page, step))
        for number in (1, 2, 3)
    ]
    for reader in readers:
        reader.start()
    step.wait()
    gets_in = str(page.lock.writer_gets_in()).lower()
    print(f"main: {len(readers)} are reading, a writer gets in: {gets_in}")
    step.wait()
    for reader in readers:
        reader.join()

    with page.lock.write():
        page.text = 2
        print(f"main: writes {page.text}")
        late(page.lock, 4, 1)
        print("main: has written")
    late(page.lock, 5, 2)
    with page.lock.read():
        print(f"main: reads {page.text}")


if __name__ == "__main__":
    main()
