"""Shared value: a number in memory that several processes change."""

import multiprocessing
import sys

ctx = multiprocessing.get_context("fork")


def two_steps(counter, times: int, barrier) -> None:
    for time in range(times):
        seen = counter.value
        if time == 0:
            barrier.wait()
        counter.value = seen + 1


def one_step(counter, times: int, barrier) -> None:
    for _ in range(times):
        with counter.get_lock():
            counter.value += 1


def count(processes: int, times: int, add) -> int:
    counter = ctx.Value("i", 0)
    barrier = ctx.Barrier(processes)
    children = [
        ctx.Process(target=add, args=(counter, times, barrier))
        for _ in range(processes)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return counter.value


def main() -> None:
    total = count(5, 1, two_steps)
    print(f"main: 5 processes add 1, by a load and a store: {total}")
    print(f"main: 5 processes add 1, in one step: {count(5, 1, one_step)}")
    many = "4 processes add 100000 times"
    total = count(4, 100_000, two_steps)
    print(f"main: {many}, by a load and a store: {total}")
    total = count(4, 100_000, one_step)
    print(f"main: {many}, in one step: {total}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
