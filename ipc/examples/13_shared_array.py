"""Shared array: each process fills its own part."""

import multiprocessing
from collections.abc import MutableSequence
from multiprocessing.synchronize import Barrier

PART = 3


def fill(
    worker: int, squares: MutableSequence[int], all_filled: Barrier
) -> None:
    first = worker * PART
    for number in range(first, first + PART):
        squares[number] = number * number
    places = f"places {first} to {first + PART - 1}"
    print(f"worker {worker}: filled {places}")
    all_filled.wait()
    met = all_filled.parties
    print(f"worker {worker}: {met} met, sum {sum(squares)}")


def main() -> None:
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    squares = ctx.Array("Q", 12, lock=False)
    print(f"main: {len(squares)} places, sum {sum(squares)}")

    all_filled = ctx.Barrier(4)
    workers = [
        ctx.Process(target=fill, args=(worker, squares, all_filled))
        for worker in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ended = sum(worker.exitcode == 0 for worker in workers)
    print(f"main: {ended} workers have ended")

    print("main:", *squares)


if __name__ == "__main__":
    main()
