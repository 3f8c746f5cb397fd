"""Priority queue: urgent before old, and equals in the order they came."""

import itertools
import math
import queue
import threading

JOBS = (
    (2, "report"),
    (1, "answer"),
    (2, "backup"),
    (3, "tidy"),
    (1, "alarm"),
)


class Jobs:
    def __init__(self) -> None:
        self.queue: queue.PriorityQueue[tuple[float, int, str]] = (
            queue.PriorityQueue()
        )
        self.numbers = itertools.count()

    def put(self, priority: float, job: str) -> None:
        self.queue.put((priority, next(self.numbers), job))

    def get(self) -> tuple[float, str]:
        priority, _, job = self.queue.get()
        return priority, job


def consume(jobs: Jobs, taken: threading.Semaphore) -> None:
    while (item := jobs.get())[0] != math.inf:
        priority, job = item
        print(f"consumer: {job} {priority}")
        taken.release()
    print("consumer: closed")


def share_core(loss: int) -> None:
    """Two jobs want a core all the time; the queue says whose turn is next."""
    jobs = Jobs()
    jobs.put(3, "idle")
    jobs.put(1, "busy")
    turns = {"idle": 0, "busy": 0}
    while turns["busy"] < 1000:
        priority, job = jobs.get()
        turns[job] += 1
        jobs.put(priority + loss, job)
    print(
        f"core: each turn lowers by {loss}: "
        f"busy had {turns['busy']} turns, idle had {turns['idle']}"
    )


def share_cores() -> None:
    for loss in (0, 1):
        share_core(loss)


def main() -> None:
    jobs = Jobs()
    names = ", ".join(f"{job} {priority}" for priority, job in JOBS)
    print(f"main: puts {names}")
    for priority, job in JOBS:
        jobs.put(priority, job)
    taken = threading.Semaphore(0)
    consumer = threading.Thread(target=consume, args=(jobs, taken))
    consumer.start()
    count = sum(taken.acquire() for _ in JOBS)
    print(f"main: all {count} are taken, puts page 1")
    jobs.put(1, "page")
    taken.acquire()
    print("main: closes")
    jobs.put(math.inf, "")  # after all others, however urgent
    consumer.join()
    print("main: the consumer has ended")
    core = threading.Thread(target=share_cores)
    core.start()
    core.join()


if __name__ == "__main__":
    main()
