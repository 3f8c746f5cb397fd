"""Thread pool, map: results in the order of the input."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

finished: "queue.Queue[int]" = queue.Queue()


def square(item: int) -> int:
    if item == 0:
        for _ in range(1, 5):
            finished.get()
    worker = threading.current_thread().name.rpartition("_")[2]
    print(f"worker {worker}: finished item {item}")
    finished.put(item)
    return item * item


def main() -> None:
    print("main: 3 workers, 5 items")
    with ThreadPoolExecutor(max_workers=3) as pool:
        squares = list(pool.map(square, range(5)))
    last = finished.get()
    print(f"main: squares {squares}, finished last: item {last}")


if __name__ == "__main__":
    main()
