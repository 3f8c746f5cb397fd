"""Thread pool, shutdown: what is accepted is finished, the rest refused."""

import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

WORKERS = 2
WORK = 0.05  # what a task that ends well takes: main must wait for it


def work(
    task: int, begun: "queue.SimpleQueue[int]", gate: threading.Event
) -> int:
    begun.put(task)
    gate.wait()
    worker = threading.current_thread().name.rpartition("_")[2]
    if task < 2:
        print(f"worker {worker}: task {task} fails")
        raise RuntimeError("out of paper")
    time.sleep(WORK)
    print(f"worker {worker}: task {task} ends well")
    return task * task


def main() -> None:
    begun: queue.SimpleQueue[int] = queue.SimpleQueue()
    gate = threading.Event()
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        futures: list[Future[int]] = [
            pool.submit(work, task, begun, gate) for task in range(4)
        ]
        count = sum(begun.get() >= 0 for _ in range(WORKERS)) + begun.qsize()
        print(
            f"main: {WORKERS} workers, {len(futures)} tasks accepted, "
            f"{count} begun"
        )
        pool.shutdown(wait=False)
        try:
            pool.submit(print, "task 4 ends well")
            print("main: shut down, task 4 accepted")
        except RuntimeError as error:
            print(f"main: shut down, task 4 refused: {error}")
        gate.set()
    ended = sum(future.done() for future in futures)
    print(f"main: the block is left, {ended} of {len(futures)} have ended")
    for task, future in enumerate(futures):
        try:
            print(f"main: task {task} gave {future.result()}")
        except RuntimeError as error:
            print(f"main: task {task} failed: {error}")


if __name__ == "__main__":
    main()
