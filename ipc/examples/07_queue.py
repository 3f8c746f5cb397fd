"""Queue: many processes put, one gets."""

import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

DONE = "done"


def work(worker: int, queue: Queue, all_here: Barrier) -> None:
    all_here.wait()  # now all three put at the same time
    for item in (42, None, "hello"):
        queue.put((worker, item))
    met = all_here.parties
    print(f"worker {worker}: one of {met}, put 42, None, hello")
    queue.put((worker, DONE))


def main() -> None:
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    queue = ctx.Queue()
    all_here = ctx.Barrier(3)
    workers = [
        ctx.Process(target=work, args=(worker, queue, all_here))
        for worker in range(3)
    ]
    for worker in workers:
        worker.start()

    got: dict[int, list[str]] = {0: [], 1: [], 2: []}
    working = 3
    while working:
        worker, item = queue.get()
        if item == DONE:
            working -= 1
        else:
            got[worker].append(str(item))
    for number, items in got.items():
        print(f"main: from worker {number}: {', '.join(items)}")
    for worker in workers:
        worker.join()
    ended = sum(worker.exitcode == 0 for worker in workers)
    print(f"main: the queue is at its end, {ended} workers have ended")


if __name__ == "__main__":
    main()
