"""Prime workers: one process for each number."""

import itertools
import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")
NUMBERS = [1, 5, 10, 15, 20, 25, 1_000_000_007, 1_000_036_000_099]
NOT_PRIME = 10


def divisors(number: int, step: int) -> Iterator[int]:
    """The divisors to try: 2 and on, up to the square root."""
    divisor = 2
    while divisor * divisor <= number:
        yield divisor
        divisor += step


def answer(number: int) -> str:
    if number < 2:
        return "no prime"
    for divisor in divisors(number, 1):
        if number % divisor == 0:
            return f"divided by {divisor}"
    return "prime"


def work(number: int, all_here: Barrier) -> None:
    """Says whether the number is prime, and ends with a code that tells it."""
    all_here.wait()
    met = all_here.parties
    found = answer(number)
    print(f"{number}: {found}, says {os.getpid()}, {met} have met")
    if found != "prime":
        sys.exit(NOT_PRIME)


def tried(step: int) -> str:
    return ", ".join(map(str, itertools.islice(divisors(25, step), 4)))


def main() -> None:
    print(f"main: the notes' loop tries {tried(0)} on 25")
    print(f"main: with a step of 1 it tries {tried(1)} on 25")
    all_here = context.Barrier(len(NUMBERS))
    children = {
        n: context.Process(target=work, args=(n, all_here), daemon=True)
        for n in NUMBERS
    }
    for child in children.values():
        child.start()
    primes = []
    for number, child in children.items():
        child.join()
        if child.exitcode == 0:
            primes.append(str(number))
        elif child.exitcode != NOT_PRIME:
            raise ChildProcessError(f"{number}: {child.exitcode}")
    print(f"main: prime are {', '.join(primes)}")


if __name__ == "__main__":
    main()
