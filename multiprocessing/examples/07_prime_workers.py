"""Prime workers: one process for each number."""

import itertools
import multiprocessing
import os
import sys
from collections.abc import Iterator


def divisors(number: int, step: int) -> Iterator[int]:
    """The divisors to try: 2 and on, up to the square root."""
    divisor = 2
    while divisor * divisor <= number:
        yield divisor
        divisor += step


def work(number: int) -> None:
    """Says whether the number is prime, and gives the exit code."""
    for divisor in divisors(number, 1):
        if number % divisor == 0:
            print(f"{number}: divided by {divisor}, says {os.getpid()}")
            sys.exit(1)
    print(f"{number}: prime, says {os.getpid()}")


def tried(step: int) -> str:
    return ", ".join(map(str, itertools.islice(divisors(25, step), 4)))


def main() -> None:
    print(f"main: the notes' loop tries {tried(0)} on 25")
    print(f"main: with a step of 1 it tries {tried(1)} on 25")
    context = multiprocessing.get_context("fork")
    numbers = [5, 10, 15, 20, 25, 1_000_000_007, 1_000_036_000_099]
    children = {n: context.Process(target=work, args=(n,)) for n in numbers}
    for child in children.values():
        child.start()
    for child in children.values():
        child.join()
    primes = [str(n) for n, child in children.items() if child.exitcode == 0]
    print(f"main: prime are {', '.join(primes)}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
