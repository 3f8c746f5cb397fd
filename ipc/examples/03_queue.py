"""Queue: many processes put, one gets."""

import multiprocessing
import sys

DONE = "done"


def work(worker: int, queue) -> None:
    for item in (42, None, "hello"):
        queue.put((worker, item))
    print(f"worker {worker}: put 42, None, hello")
    queue.put((worker, DONE))


def main() -> None:
    ctx = multiprocessing.get_context("fork")
    queue = ctx.Queue()
    workers = [
        ctx.Process(target=work, args=(worker, queue)) for worker in range(3)
    ]
    for worker in workers:
        worker.start()

    got = {0: [], 1: [], 2: []}
    working = 3
    while working:
        worker, item = queue.get()
        if item == DONE:
            working -= 1
        else:
            got[worker].append(str(item))
    for worker in workers:
        worker.join()
    for worker, items in got.items():
        print(f"main: from worker {worker}: {', '.join(items)}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
