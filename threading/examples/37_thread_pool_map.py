"""Thread pool, map: results in the order of the input."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

WORKERS = 3
ITEMS = 5


class Work:
    def __init__(self) -> None:
        self.all_have_one = threading.Barrier(WORKERS)
        self.workers: set[str] = set()
        self.met: list[str] = []
        self.finished: queue.SimpleQueue[int] = queue.SimpleQueue()

    def square(self, item: int) -> int:
        worker = threading.current_thread().name.rpartition("_")[2]
        if worker not in self.workers:
            self.workers.add(worker)
            if self.all_have_one.wait() == 0:
                self.met.append(worker)
        if item == 0:
            for _ in range(ITEMS - 1):
                self.finished.get()
        print(f"worker {worker}: finished item {item}")
        self.finished.put(item)
        return item * item


def main() -> None:
    print(f"main: {WORKERS} workers, {ITEMS} items")
    work = Work()
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        squares = list(pool.map(work.square, range(ITEMS)))
    last = work.finished.get()
    print(f"main: squares {squares}, finished last: item {last}")
    print(
        f"main: {len(work.workers)} workers took part, "
        f"they met {len(work.met)} time"
    )


if __name__ == "__main__":
    main()
