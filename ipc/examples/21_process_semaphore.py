"""Process semaphore: two permits, five processes."""

import multiprocessing
import os
from collections.abc import MutableSequence
from multiprocessing.synchronize import Semaphore

ctx = multiprocessing.get_context("fork")  # as the Rust does


def work(
    worker: int,
    semaphore: Semaphore,
    inside: MutableSequence[int],
    arrive: int,
    enter: int,
    leave: int,
) -> None:
    print(f"worker {worker}: waiting")
    os.write(arrive, b"!")
    with semaphore:
        inside[worker] = True
        print(f"worker {worker}: inside")
        os.write(enter, b"!")
        os.read(leave, 1)
        print(f"worker {worker}: leaving")
        inside[worker] = False


def try_acquire(semaphore: Semaphore) -> str:
    """Takes a permit if there is one now, and gives it back."""
    if semaphore.acquire(block=False):
        semaphore.release()
        return "true"
    return "false"


def main() -> None:
    permits = 2
    print(f"main: {permits} permits, 5 workers")
    semaphore = ctx.Semaphore(permits)
    inside = ctx.Array("b", 5, lock=False)
    arrived, arrive = os.pipe()
    entered, enter = os.pipe()
    leave, let_out = os.pipe()
    workers = [
        ctx.Process(
            target=work,
            args=(worker, semaphore, inside, arrive, enter, leave),
        )
        for worker in range(5)
    ]
    for worker in workers[:2]:
        worker.start()
    for _ in range(2):
        os.read(entered, 1)
    third = try_acquire(semaphore)
    print(f"main: inside: {sum(inside)}, a third permit: {third}")
    for worker in workers[2:]:
        worker.start()
    for _ in workers:  # all five run now
        os.read(arrived, 1)
    for _ in range(3):
        os.write(let_out, b"!")
        os.read(entered, 1)
        print(f"main: one has left, one has come, inside: {sum(inside)}")
    os.write(let_out, b"!!")
    for worker in workers:
        worker.join()

    taken = sum(semaphore.acquire(block=False) for _ in range(2))
    third = try_acquire(semaphore)
    print(f"main: all have left, takes {taken}, a third permit: {third}")
    for _ in range(taken):
        semaphore.release()
    print(f"main: gives them back, a permit: {try_acquire(semaphore)}")


if __name__ == "__main__":
    main()
