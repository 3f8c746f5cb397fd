"""Self-deadlock: a thread that waits for itself."""

import threading


class Counter:
    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()

    def outer_locks_inner_locks(self) -> None:
        with self.lock:  # for the whole call
            print("worker: the outer method has the lock")
            self.inner_locks()

    def inner_locks(self) -> None:
        if not self.lock.acquire(blocking=False):
            print("worker: the inner method would wait for ever")
            return
        try:
            self.count += 1
            print("worker: the inner method has the lock")
        finally:
            self.lock.release()

    def outer_locks(self) -> None:
        with self.lock:  # as the owner
            taken = str(self.lock.locked()).lower()
            print(
                f"worker: the outer method counts, the lock is taken: {taken}"
            )
            self._count()  # the lock is held

    def _count(self) -> None:
        """The caller holds the lock."""
        self.count += 1
        print(f"worker: the inner method counts to {self.count}")


def work(counter: Counter) -> None:
    counter.inner_locks()
    counter.outer_locks_inner_locks()
    counter.outer_locks()


def main() -> None:
    counter = Counter()
    worker = threading.Thread(target=work, args=(counter,))
    worker.start()
    worker.join()
    print(f"main: the worker has counted to {counter.count}")


if __name__ == "__main__":
    main()
