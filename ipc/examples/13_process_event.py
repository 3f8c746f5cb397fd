"""Process event: nobody starts before it is set."""

import multiprocessing
import sys


def work(worker: int, event, arrived) -> None:
    print(f"worker {worker}: waits")
    arrived.release()
    event.wait()
    print(f"worker {worker}: starts")


def come_late(event) -> None:
    event.wait()
    print(f"late: starts, set: {is_set(event)}")


def is_set(event) -> str:
    return str(event.is_set()).lower()


def main() -> None:
    ctx = multiprocessing.get_context("fork")
    event = ctx.Event()
    arrived = ctx.Semaphore(0)
    workers = [
        ctx.Process(target=work, args=(worker, event, arrived))
        for worker in range(3)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        arrived.acquire()
    print(f"main: all 3 wait, set: {is_set(event)}, sets it")
    event.set()
    for worker in workers:
        worker.join()

    late = ctx.Process(target=come_late, args=(event,))
    late.start()
    late.join()
    event.clear()
    print(f"main: clears it, set: {is_set(event)}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
