"""Thread pool, submit: at most three at work, and a future for each task."""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 3
LIMIT = 0.01


class Work:
    def __init__(self) -> None:
        self.begun: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.gate = threading.Event()

    def square(self, task: int) -> int:
        worker = threading.current_thread().name.rpartition("_")[2]
        print(f"worker {worker}: task {task} begun")
        self.begun.put(worker)
        self.gate.wait()
        print(f"worker {worker}: task {task} ending")
        return task * task


def main() -> None:
    print("main: 5 tasks submitted")
    work = Work()
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        futures = [pool.submit(work.square, task) for task in range(5)]
        workers = {work.begun.get() for _ in range(WORKERS)}
        at_work = len(workers) + work.begun.qsize()
        done = sum(future.done() for future in futures)
        print(f"main: {at_work} at work, {done} of {len(futures)} done")
        start = time.perf_counter()
        try:
            print(f"main: result of task 0: {futures[0].result(timeout=LIMIT)}")
        except TimeoutError:
            waited = int((time.perf_counter() - start) * 1000)
            print(
                f"main: no result of task 0 within {LIMIT * 1000:.0f} ms, "
                f"waited {waited}"
            )
        work.gate.set()
        squares = [future.result() for future in futures]
    print(f"main: squares {squares}")
    while not work.begun.empty():
        workers.add(work.begun.get())
    print(f"main: all by {len(workers)} workers")


if __name__ == "__main__":
    main()
