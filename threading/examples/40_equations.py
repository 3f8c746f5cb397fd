"""Equations: a hundred of them in a pool, and the two roots of each."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import NamedTuple

WORKERS = 2

Roots = tuple[float, float] | None


class Equation(NamedTuple):
    """x² + bx + c = 0"""

    b: int
    c: int

    def discriminant(self) -> int:
        return self.b * self.b - 4 * self.c

    def root(self, signed_sqrt: float) -> float:
        return (signed_sqrt - self.b) / 2


def solve(e: Equation) -> Roots:
    d = e.discriminant()
    if d < 0:
        return None
    return e.root(-math.sqrt(d)), e.root(math.sqrt(d))


def solve_by_join(
    e: Equation, helpers: Executor, at_root: Callable[[], object]
) -> Roots:
    """The same; `at_root` is called once for each root, in its task."""

    def root(signed_sqrt: float) -> float:
        at_root()
        return e.root(signed_sqrt)

    d = e.discriminant()
    if d < 0:
        return None
    other = helpers.submit(root, math.sqrt(d))
    return root(-math.sqrt(d)), other.result()


def main() -> None:
    equations = [Equation(n % 13, n % 10) for n in range(100)]
    alone = [solve(e) for e in equations]
    none = alone.count(None)
    one = sum(x == y for x, y in filter(None, alone))
    two = 100 - one - none
    print(f"main: {two} with two roots, {one} with one, {none} with none")

    with (
        ThreadPoolExecutor(WORKERS) as pool,
        # A pool of its own: a task that waits for a task of the same pool can
        # find every worker waiting like itself.
        ThreadPoolExecutor(WORKERS) as helpers,
    ):
        workers: set[int] = set()
        met: list[str] = []
        meeting = threading.Barrier(2)

        def at_root() -> None:
            workers.add(threading.get_ident())
            if meeting.wait() == 0:
                met.append("roots")

        first = pool.submit(solve_by_join, Equation(5, -24), helpers, at_root)
        x, y = first.result() or (math.nan, math.nan)
        on = len(workers)
        print(
            f"main: the roots {x:.0f} and {y:.0f} found on {on} workers, "
            f"which met {len(met)} time"
        )

        met.clear()
        took_part: set[int] = set()
        all_have_one = threading.Barrier(WORKERS)
        roots: list[None] = []

        def count() -> None:
            roots.append(None)

        def solve_one(equation: Equation) -> Roots:
            if threading.get_ident() not in took_part:
                took_part.add(threading.get_ident())
                if all_have_one.wait() == 0:
                    met.append("equations")
            return solve_by_join(equation, helpers, count)

        together = list(pool.map(solve_one, equations))
    same = str(together == alone).lower()
    print(f"main: the same answers: {same}, {len(roots)} roots found by tasks")
    on = len(took_part)
    print(
        f"main: {len(together)} equations solved on {on} workers, "
        f"which met {len(met)} time"
    )


if __name__ == "__main__":
    main()
