"""Coarse lock: a lock around everything makes the threads take turns."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

WORKERS = 4


class Server:
    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.at_the_lock = 0
        self.under_way = 0
        self.answered = 0
        self.most = 0

    def request(self) -> int:
        """Waits, as a request does, and returns the answer."""
        with self.changed:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            self.changed.notify_all()
            self.changed.wait_for(self._all_here)
            self.under_way -= 1
            self.answered += 1
            self.changed.notify_all()
        return 10

    def at_lock(self, change: int) -> None:
        with self.changed:
            self.at_the_lock += change
            self.changed.notify_all()

    def _all_here(self) -> bool:
        return self.at_the_lock + self.under_way + self.answered == WORKERS


class Total:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.sum = 0


def lock_everything(total: Total, server: Server) -> None:
    server.at_lock(+1)
    with total.lock:
        server.at_lock(-1)
        total.sum += server.request()


def lock_shared_step(total: Total, server: Server) -> None:
    answer = server.request()
    with total.lock:
        total.sum += answer


def run(work: Callable[[Total, Server], None]) -> None:
    total, server = Total(), Server()
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        workers = [pool.submit(work, total, server) for _ in range(WORKERS)]
        for worker in workers:
            worker.result()
    print(
        f"main: {server.answered} requests, "
        f"most under way at once: {server.most}, sum: {total.sum}"
    )


def main() -> None:
    print("main: a lock around everything")
    run(lock_everything)
    print("main: a lock around the shared step")
    run(lock_shared_step)


if __name__ == "__main__":
    main()
