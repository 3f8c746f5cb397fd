"""Process pool: a few processes for many tasks."""

import multiprocessing
import os
import sys

context = multiprocessing.get_context("fork")


def prepare(everybody) -> None:
    global all_here
    all_here = everybody


def meet(_: int) -> None:
    print(f"worker {os.getpid()}: here")
    all_here.wait()


def double(number: int) -> tuple[int, int]:
    return number * 2, os.getpid()


def power(base: int, exponent: int) -> tuple[int, int]:
    return base**exponent, os.getpid()


def main() -> None:
    print(f"main: pid {os.getpid()}")
    all_here = context.Barrier(3)
    with context.Pool(3, initializer=prepare, initargs=(all_here,)) as pool:
        met = pool.map(meet, range(3), chunksize=1)
        print(f"main: {len(met)} workers have met")
        done = pool.map(double, [5, 10, 20, 25, 30])
        print(f"main: doubled {[result for result, _ in done]}")
        raised = pool.starmap(power, [(2, 5), (3, 2), (10, 3)])
        print(f"main: powers {[result for result, _ in raised]}")
        pool.close()
        pool.join()
    by = [pid for _, pid in done + raised]
    here = by.count(os.getpid())
    print(
        f"main: {len(by)} tasks, {here} of them done in main,"
        f" by {len(set(by))} processes"
    )


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
