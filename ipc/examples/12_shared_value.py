"""Shared value: a number in memory that several processes change."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.sharedctypes import Synchronized

ctx = multiprocessing.get_context("fork")  # as the Rust does


def add_in_two_steps(
    counter: Synchronized, times: int, meet: Callable[[], object]
) -> None:
    seen = counter.value
    meet()
    counter.value = seen + 1
    for _ in range(times - 1):
        counter.value += 1


def add_in_one_step(
    counter: Synchronized, times: int, meet: Callable[[], object]
) -> None:
    meet()
    for _ in range(times):
        with counter.get_lock():
            counter.value += 1


def count(
    processes: int, times: int, how: str, add: Callable[..., None]
) -> None:
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
    ended = sum(child.exitcode == 0 for child in children)
    total = counter.value
    print(f"main: {ended} processes, {times} times, {how}: {total}")


def main() -> None:
    count(5, 1, "by a load and a store", add_in_two_steps)
    count(5, 1, "in one step", add_in_one_step)
    count(4, 100_000, "by a load and a store", add_in_two_steps)
    count(4, 100_000, "in one step", add_in_one_step)


if __name__ == "__main__":
    main()
