"""Shared array: each process fills its own part."""

import multiprocessing
import sys

PART = 3


def fill(worker: int, squares) -> None:
    first = worker * PART
    for number in range(first, first + PART):
        squares[number] = number * number
    print(f"worker {worker}: filled places {first} to {first + PART - 1}")


def main() -> None:
    ctx = multiprocessing.get_context("fork")
    squares = ctx.Array("Q", 12, lock=False)
    zeros = str(not any(squares)).lower()
    print(f"main: {len(squares)} places, all 0: {zeros}")

    workers = [
        ctx.Process(target=fill, args=(worker, squares)) for worker in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    print("main:", *squares)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
