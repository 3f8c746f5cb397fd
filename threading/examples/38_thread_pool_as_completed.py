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

    def square(self, task: int) -> int:
        self.begun.put(task)
        self.gates[task].wait()
        return task * task


def main() -> None:
    work = Work()
    gates = work.gates
    with ThreadPoolExecutor(max_workers=len(ORDER)) as pool:
        futures = {
            pool.submit(work.square, task): task for task in range(len(ORDER))
        }
        begun = sorted(str(work.begun.get()) for _ in futures)
        at_work = sum(future.running() for future in futures)
        print(f"main: tasks {', '.join(begun)} begun, {at_work} at work")
        gates[ORDER[0]].set()
        following = iter(ORDER[1:])
        for future in as_completed(futures):
            task, square = futures[future], future.result()
            at_work = sum(future.running() for future in futures)
            print(f"main: task {task} gave {square}, {at_work} at work")
            if (task := next(following, None)) is not None:
                gates[task].set()


if __name__ == "__main__":
    main()
