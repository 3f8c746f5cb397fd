"""Thread pool, shutdown: what is accepted is finished, the rest refused."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

begun: "queue.Queue[int]" = queue.Queue()
gate = threading.Event()


def work(task: int) -> None:
    begun.put(task)
    gate.wait()
    print(f"task {task}: finished")


def main() -> None:
    with ThreadPoolExecutor(max_workers=2) as pool:
        for task in range(4):
            pool.submit(work, task)
        begun.get()
        begun.get()
        print(f"main: {2 + begun.qsize()} of 4 tasks begun, shut down")
        pool.shutdown(wait=False)
        try:
            pool.submit(print, "task 4: finished")
            print("main: task 4 accepted")
        except RuntimeError as error:
            print(f"main: task 4 refused: {error}")
        gate.set()
    print("main: the block is left")


if __name__ == "__main__":
    main()
