"""Semaphore as a mutex: one permit, given back by another thread."""

import queue
import threading

semaphore = threading.Semaphore(1)
pages: queue.SimpleQueue[int | None] = queue.SimpleQueue()


def print_pages() -> None:
    while (page := pages.get()) is not None:
        print(f"printer: page {page} done, gives the permit back")
        semaphore.release()


def main() -> None:
    print("main: 1 permit, 2 pages")
    printer = threading.Thread(target=print_pages)
    printer.start()
    for page in (1, 2):
        semaphore.acquire()
        print(f"main: took the permit for page {page}")
        if semaphore.acquire(blocking=False):
            print("main: a second permit")
            semaphore.release()
        else:
            print("main: no second permit")
        pages.put(page)
    pages.put(None)
    printer.join()
    back = str(semaphore.acquire(blocking=False)).lower()
    print(f"main: the permit is back: {back}")


if __name__ == "__main__":
    main()
