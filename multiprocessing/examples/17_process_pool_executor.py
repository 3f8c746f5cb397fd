"""Process pool executor: results to come, errors that come back."""

import math
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

# As it comes on Linux up to 3.13; since 3.14 the default is forkserver.
context = multiprocessing.get_context("fork")
# The workers have these from the fork.
has_begun, gate, goes_on = context.Event(), context.Event(), context.Event()


def square(number: int) -> int:
    return number * number


def square_later(number: int) -> int:
    print(f"worker {os.getpid()}: has begun {number} squared")
    has_begun.set()
    gate.wait()
    print(f"worker {os.getpid()}: goes on")
    goes_on.set()
    return number * number


def root(number: int) -> int:
    if number < 0:
        raise ValueError(f"no root of {number}")
    return math.isqrt(number)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    with ProcessPoolExecutor(mp_context=context) as pool:
        squares = list(pool.map(square, range(100)))
    print("main: the squares of 0 to 99")
    for start in range(0, 100, 10):
        print(f"main: {squares[start:start + 10]}")

    with ProcessPoolExecutor(4, mp_context=context) as pool:
        squares = list(pool.map(square, range(1, 5)))
        workers = len(multiprocessing.active_children())
        print(f"main: over {workers} workers {squares}")
        later = pool.submit(square_later, 12)
        has_begun.wait()
        done = str(later.done()).lower()
        print(f"main: 12 squared is submitted, done: {done}")
        gate.set()
        goes_on.wait()
        print(f"main: it is done, the result is {later.result()}")
        try:
            print(f"main: root of -1: {pool.submit(root, -1).result()}")
        except ValueError as error:
            print(f"main: root of -1: {error}")
        try:
            pool.submit(die).result()
        except BrokenProcessPool:
            print("main: the task of a killed worker is lost")

    # The old pool takes no more tasks.
    with ProcessPoolExecutor(max_workers=4, mp_context=context) as pool:
        print(f"main: and the root of 49 is {pool.submit(root, 49).result()}")


if __name__ == "__main__":
    main()
