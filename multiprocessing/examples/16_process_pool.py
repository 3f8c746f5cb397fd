"""Process pool: a few processes for many tasks."""

import multiprocessing
import os
from multiprocessing.synchronize import Barrier

# As it comes on Linux up to 3.13; since 3.14 the default is forkserver.
context = multiprocessing.get_context("fork")
all_here: Barrier  # a worker's own; a lock cannot be sent with a task


def prepare(barrier: Barrier) -> None:
    global all_here
    all_here = barrier


def double(number: int) -> tuple[int, int]:
    print(f"worker {os.getpid()}: here")
    all_here.wait()
    return number * 2, os.getpid()


def power(base: int, exponent: int) -> tuple[int, int]:
    return base**exponent, os.getpid()


def main() -> None:
    barrier = context.Barrier(3)
    with context.Pool(3, initializer=prepare, initargs=(barrier,)) as pool:
        workers = len(multiprocessing.active_children())
        print(f"main: pid {os.getpid()}, {workers} workers")
        done = pool.map(double, (5, 10, 20), chunksize=1)
        print(f"main: doubled {[result for result, _ in done]}")
        raised = pool.starmap(power, [(2, 5), (3, 2), (10, 3)])
        print(f"main: powers {[result for result, _ in raised]}")
        by = [pid for _, pid in done + raised]
        here = by.count(os.getpid())
        print(
            f"main: {len(by)} tasks, {here} of them done in main,"
            f" by {len(set(by))} workers"
        )
        pool.close()
        pool.join()


if __name__ == "__main__":
    main()
