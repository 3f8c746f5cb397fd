"""Semaphore: two permits, five workers."""

import queue
import threading


def free_permits(semaphore: threading.Semaphore) -> int:
    permits = 0
    while semaphore.acquire(blocking=False):
        permits += 1
    if permits:
        semaphore.release(permits)
    return permits


def work(
    worker: int,
    door: threading.Semaphore,
    leave: threading.Semaphore,
    steps: queue.SimpleQueue[int],
) -> None:
    print(f"worker {worker}: waiting")
    steps.put(0)
    with door:
        print(f"worker {worker}: inside")
        steps.put(1)
        leave.acquire()
        print(f"worker {worker}: leaving")
        steps.put(-1)


def main() -> None:
    door = threading.Semaphore(2)
    print(f"main: {free_permits(door)} permits, 5 workers")
    leave = threading.Semaphore(0)
    steps: queue.SimpleQueue[int] = queue.SimpleQueue()
    workers = [
        threading.Thread(target=work, args=(worker, door, leave, steps))
        for worker in range(5)
    ]
    for worker in workers[:2]:
        worker.start()
    inside = sum(steps.get() for _ in range(4))  # they ask and enter
    third = str(free_permits(door) > 0).lower()
    print(f"main: {inside} have one, a third permit: {third}")
    for worker in workers[2:]:
        worker.start()
    for _ in workers[2:]:
        steps.get()  # all have asked
    most = inside
    for _ in workers[2:]:
        leave.release()
        for _ in ("one leaves", "another enters"):
            inside += steps.get()
            most = max(most, inside)
    leave.release(2)  # the last two
    inside += steps.get() + steps.get()
    print(f"main: most at once: {most}, now {inside}")
    for worker in workers:
        worker.join()
    print(f"main: permits that came back: {free_permits(door)}")


if __name__ == "__main__":
    main()
