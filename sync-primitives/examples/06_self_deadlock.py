"""Self-deadlock: a thread that waits for itself."""

import threading


class Counter:
    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()

    def outer_locks_inner_locks(self) -> None:
        with self.lock:
            print("worker: the outer method has the lock")
            self.inner_locks()

    def inner_locks(self) -> None:
        if self.lock.acquire(blocking=False):
            print("worker: the inner method has it too")
            self.lock.release()
        else:
            print("worker: the inner method would wait for ever")

    def outer_locks(self) -> None:
        with self.lock:
            print("worker: the outer method has the lock")
            self._inner()

    def _inner(self) -> None:
        """The caller holds the lock."""
        self.count += 1
        print(f"worker: the inner method counts to {self.count}")


def work() -> None:
    counter = Counter()
    counter.outer_locks_inner_locks()
    counter.outer_locks()


def main() -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
