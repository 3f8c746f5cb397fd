"""Thread pool, submit: at most three at work, and a future for each task."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

WORKERS = 3

counts = threading.Lock()
at_work = 0
most = 0
begun: "queue.Queue[int]" = queue.Queue()
gate = threading.Event()


def work(task: int) -> int:
    global at_work, most
    with counts:
        at_work += 1
        most = max(most, at_work)
    print(f"task {task}: begun")
    begun.put(task)
    gate.wait()
    print(f"task {task}: ending")
    with counts:
        at_work -= 1
    return task * task


def main() -> None:
    print("main: 5 tasks submitted")
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        futures = [pool.submit(work, task) for task in range(5)]
        for _ in range(WORKERS):
            begun.get()
        done = sum(future.done() for future in futures)
        print(f"main: done at once: {done} of 5")
        try:
            print(f"main: result of task 0: {futures[0].result(timeout=0.01)}")
        except TimeoutError:
            print("main: result of task 0 within 10 ms: none")
        gate.set()
        squares = [future.result() for future in futures]
    print(f"main: squares {squares}")
    print(f"main: most at work at once: {most}")


if __name__ == "__main__":
    main()
