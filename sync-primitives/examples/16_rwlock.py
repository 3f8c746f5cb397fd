"""Read-write lock: many readers together, a writer alone."""

import threading


class ReadWriteLock:
    def __init__(self) -> None:
        self.readers = 0
        self.writing = False
        self.lock = threading.Lock()

    def try_read(self) -> bool:
        with self.lock:
            if self.writing:
                return False
            self.readers += 1
            return True

    def end_read(self) -> None:
        with self.lock:
            self.readers -= 1

    def try_write(self) -> bool:
        with self.lock:
            if self.writing or self.readers > 0:
                return False
            self.writing = True
            return True

    def end_write(self) -> None:
        with self.lock:
            self.writing = False


page = 1
page_lock = ReadWriteLock()
step = threading.Barrier(4)


def read() -> None:
    inside = page_lock.try_read()
    print(f"reader: reads {page}" if inside else "reader: must wait")
    step.wait()  # all three have come
    step.wait()  # main has tried
    if inside:
        page_lock.end_read()


def late_reader() -> None:
    inside = page_lock.try_read()
    print("reader: gets in" if inside else "reader: must wait")


def late_writer() -> None:
    inside = page_lock.try_write()
    print("writer: gets in" if inside else "writer: must wait")


def start(*tasks: object) -> list[threading.Thread]:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    return threads


def main() -> None:
    global page
    readers = start(read, read, read)
    step.wait()
    if not page_lock.try_write():
        print("main: three are reading, no writer gets in")
    step.wait()
    for reader in readers:
        reader.join()
    if page_lock.try_write():
        page = 2
        print(f"main: writes {page}")
        for thread in start(late_reader, late_writer):
            thread.join()
        page_lock.end_write()
    if page_lock.try_read():
        print(f"main: reads {page}")
        page_lock.end_read()


if __name__ == "__main__":
    main()
