"""Second read: a reader that reads again while a writer waits."""

import threading
from collections.abc import Callable

SHORT = 0.02


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

    def begin_read(self, timeout: float | None = None) -> bool:
        with self.changed:
            if not self.changed.wait_for(self._may_read, timeout):
                return False
            self.readers += 1
            return True

    def end_read(self) -> None:
        with self.changed:
            self.readers -= 1
            self.changed.notify_all()

    def begin_write(self) -> None:
        with self.changed:
            self.writers_waiting += 1
            self.changed.notify_all()
            self.changed.wait_for(self._may_write)
            self.writers_waiting -= 1
            self.writing = True

    def end_write(self) -> None:
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


class Page:
    def __init__(self, text: int, *, writers_first: bool) -> None:
        self.text = text
        self.lock = ReadWriteLock(writers_first=writers_first)


def write(writer: int, page: Page) -> None:
    page.lock.begin_write()
    try:
        page.text += 1
        print(f"writer {writer}: writes {page.text}")
    finally:
        page.lock.end_write()


def second_read(page: Page) -> None:
    second = page.lock.begin_read(timeout=SHORT)
    print(f"main: a second read within 20 ms: {str(second).lower()}")
    if second:
        page.lock.end_read()


def pass_on(page: Page) -> None:
    again(page.text)


def again(text: int | None) -> None:
    if text is None:
        print("main: waits for the writer, who waits for main")
    else:
        print(f"main: passes its guard on, reads {text} again")


def while_a_writer_waits(
    number: int, page: Page, read_on: Callable[[Page], None]
) -> None:
    page.lock.begin_read()
    writer = threading.Thread(target=write, args=(number, page))
    writer.start()
    page.lock.wait_for_writer()
    waits = str(page.lock.writers_waiting > 0).lower()
    print(f"main: reads {page.text}, a writer waits: {waits}")
    read_on(page)
    print("main: has read")
    page.lock.end_read()
    writer.join()


def main() -> None:
    page = Page(1, writers_first=True)
    page.lock.begin_read()
    print(f"main: reads {page.text}, nobody waits to write")
    second_read(page)
    page.lock.end_read()

    while_a_writer_waits(1, page, second_read)
    while_a_writer_waits(2, page, pass_on)

    print("main: now readers pass a waiting writer")
    page = Page(5, writers_first=False)
    while_a_writer_waits(3, page, second_read)


if __name__ == "__main__":
    main()
