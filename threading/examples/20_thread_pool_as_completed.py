"""Thread pool, as completed: each result as soon as it is there."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

# The order in which main opens the gates.
ORDER = (3, 1, 2, 0)


class Work:
    def __init__(self) -> None:
        self.gates = [threading.Event() for _ in ORDER]
        self.begun: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.at_work = 0

    def square(self, task: int) -> int:
        with self.lock:
            self.at_work += 1
        self.begun.put(task)
        self.gates[task].wait()
        with self.lock:
            self.at_work -= 1
        return task * task


def main() -> None:
    work = Work()
    gates = work.gates
    with ThreadPoolExecutor(max_workers=len(ORDER)) as pool:
        futures = {
            pool.submit(work.square, task): task for task in range(len(ORDER))
        }
        for _ in futures:
            work.begun.get()
        print(f"main: tasks 0, 1, 2, 3 submitted, {work.at_work} at work")
        gates[ORDER[0]].set()
        following = iter(ORDER[1:])
        for future in as_completed(futures):
            task, square = futures[future], future.result()
            print(f"main: task {task} gave {square}, {work.at_work} at work")
            if (task := next(following, None)) is not None:
                gates[task].set()


if __name__ == "__main__":
    main()
