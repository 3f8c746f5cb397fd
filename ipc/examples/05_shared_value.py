"""Shared value: a number in memory that several processes change."""

import multiprocessing
from collections.abc import Callable

ctx = multiprocessing.get_context("fork")  # as the Rust does


def add_in_two_steps(counter, times: int, meet: Callable[[], object]) -> None:
    seen = counter.value
    meet()
    counter.value = seen + 1
    for _ in range(times - 1):
        counter.value += 1


def add_in_one_step(counter, times: int, meet: Callable[[], object]) -> None:
    meet()
    for _ in range(times):
        with counter.get_lock():
            counter.value += 1


def count(processes: int, times: int, add: Callable[..., None]) -> int:
    counter = ctx.Value("i", 0)
    barrier = ctx.Barrier(processes)
    children = [
        ctx.Process(target=add, args=(counter, times, barrier.wait))
        for _ in range(processes)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert not any(child.exitcode for child in children)
    return counter.value


def main() -> None:
    total = count(5, 1, add_in_two_steps)
    print(f"main: 5 processes add 1, by a load and a store: {total}")
    total = count(5, 1, add_in_one_step)
    print(f"main: 5 processes add 1, in one step: {total}")
    many = "4 processes add 100000 times"
    total = count(4, 100_000, add_in_two_steps)
    print(f"main: {many}, by a load and a store: {total}")
    total = count(4, 100_000, add_in_one_step)
    print(f"main: {many}, in one step: {total}")


if __name__ == "__main__":
    main()
