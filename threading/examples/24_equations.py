"""Equations: a hundred of them in a pool, and the two roots of each."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2

both_at_work = threading.Barrier(WORKERS)
mine = threading.local()
solved = []  # the worker of each equation


def discriminant(b: int, c: int) -> int:
    return b * b - 4 * c


def root(b: int, signed_sqrt: float) -> float:
    return (signed_sqrt - b) / 2


def solve(b: int, c: int) -> "tuple[float, float] | None":
    d = discriminant(b, c)
    if d < 0:
        return None
    return root(b, -math.sqrt(d)), root(b, math.sqrt(d))


def main() -> None:
    equations = [(n % 13, n % 10) for n in range(100)]
    alone = [solve(b, c) for b, c in equations]
    none = alone.count(None)
    one = sum(x == y for x, y in filter(None, alone))
    two = 100 - one - none
    print(f"main: {two} with two roots, {one} with one, {none} with none")

    with (
        ThreadPoolExecutor(WORKERS) as pool,
        # A pool of its own: a task that waits for a task of the same pool can
        # find every worker waiting like itself. `rayon::join` has no such trap.
        ThreadPoolExecutor(WORKERS) as helpers,
    ):

        def solve_by_join(b: int, c: int) -> "tuple[float, float] | None":
            if not hasattr(mine, "begun"):
                mine.begun = True
                both_at_work.wait()
            solved.append(threading.current_thread())
            d = discriminant(b, c)
            if d < 0:
                return None
            other = helpers.submit(root, b, math.sqrt(d))
            return root(b, -math.sqrt(d)), other.result()

        together = list(pool.map(lambda e: solve_by_join(*e), equations))
    print(f"pool: the same answers: {str(together == alone).lower()}")
    workers = len(set(solved))
    print(f"pool: {workers} workers took part, {len(solved)} equations solved")


if __name__ == "__main__":
    main()
