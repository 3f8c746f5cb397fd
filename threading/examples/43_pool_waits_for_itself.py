"""Pool waits for itself: every worker waits for a task queued behind it."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

WORKERS = 2
SHORT = 0.05
LONG = 5


def answer() -> int:
    return 42


def submit_and_wait(pool: Executor, limit: float) -> bool:
    """Submits the inner task; whether its answer came in time."""
    future = pool.submit(answer)
    try:
        return future.result(timeout=limit) == 42
    except TimeoutError:
        return False


def run(name: str, pool: Executor, ask: Callable[[], bool]) -> None:
    """Gives every worker an outer task, which asks for an answer."""
    all_at_work = threading.Barrier(WORKERS)
    all_asked = threading.Barrier(WORKERS)

    def outer() -> bool:
        all_at_work.wait()
        got = ask()
        all_asked.wait()  # or one that gave up would run the rest
        return got

    futures = [pool.submit(outer) for _ in range(WORKERS)]
    answered = sum(future.result() for future in futures)
    print(
        f"main: {name}: {len(futures)} outer tasks at work, "
        f"{answered} got an answer"
    )


def main() -> None:
    with (
        ThreadPoolExecutor(WORKERS) as pool,
        ThreadPoolExecutor(WORKERS) as other,
    ):
        run("the same pool", pool, lambda: submit_and_wait(pool, SHORT))
        run("in place", pool, lambda: answer() == 42)
        run("another pool", pool, lambda: submit_and_wait(other, LONG))


if __name__ == "__main__":
    main()
