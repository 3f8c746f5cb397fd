"""Task queue: heavy tasks that outlive the processes that take them."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

# As it comes on Linux up to 3.13; since 3.14 the default is forkserver.
context = multiprocessing.get_context("fork")
TASKS = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000]
PR_SET_CHILD_SUBREAPER = 36
TICK = 0.01  # how often the store is asked; it cannot call


@contextlib.contextmanager
def opened(path: str) -> Iterator[sqlite3.Connection]:
    """A connection of this process: it must not be carried across a fork."""
    # Each statement is a transaction of its own, and waits if another writes.
    store = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        store.execute("PRAGMA synchronous = OFF")
        yield store
    finally:
        store.close()


def create(path: str) -> None:
    with opened(path) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute(
            "CREATE TABLE task (below INTEGER PRIMARY KEY, worker INTEGER,"
            " running INTEGER, primes INTEGER)"
        )


def put_tasks(path: str) -> None:
    """Stores the tasks that are not there."""
    with opened(path) as store:
        store.executemany(
            "INSERT OR IGNORE INTO task (below) VALUES (?)",
            [[below] for below in TASKS],
        )


def put_back(path: str, dead: int | None = None) -> int:
    """Puts back what a dead worker held, or else what everybody held."""
    with opened(path) as store:
        return store.execute(
            "UPDATE task SET worker = NULL, running = NULL"
            " WHERE worker = ifnull(?, worker) AND primes IS NULL",
            [dead],
        ).rowcount


def results(path: str) -> list[tuple[int, int]]:
    with opened(path) as store:
        return store.execute(
            "SELECT below, primes FROM task WHERE primes IS NOT NULL"
            " ORDER BY below"
        ).fetchall()


def take(store: sqlite3.Connection) -> int | None:
    taken = store.execute(
        "UPDATE task SET worker = ? WHERE below = (SELECT below FROM task"
        " WHERE worker IS NULL ORDER BY below LIMIT 1) RETURNING below",
        [os.getpid()],
    ).fetchone()
    return taken[0] if taken else None


def count_primes(below: int) -> int:
    """The task. It is pure arithmetic, and so may be done twice."""
    sieve = bytearray([1]) * below
    sieve[0:2] = b"\0\0"
    for number in range(2, int(below**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(
                len(range(number * number, below, number))
            )
    return sum(sieve)


def work(path: str, hold: int | None) -> None:
    """A worker: takes tasks, until its parent ends."""
    me = os.getpid()
    parent = multiprocessing.parent_process()
    with opened(path) as store:
        while parent.is_alive():
            below = take(store)
            if below is None:
                time.sleep(TICK)
                continue
            print(f"worker {me}: begins, primes below {below}")
            store.execute(
                "UPDATE task SET running = 1 WHERE below = ? AND worker = ?",
                [below, me],
            )
            if hold is not None and below >= hold:
                parent.join()  # until one of the two is killed
                return
            store.execute(
                "UPDATE task SET primes = ? WHERE below = ? AND worker = ?",
                [count_primes(below), below, me],
            )


def supervise(path: str, hold: int | None) -> None:
    """The program: stores the tasks, has them done, and prints the results.

    It may be killed at any moment and started again.
    """
    put_tasks(path)
    back = put_back(path)  # all workers have died with it
    done = len(results(path))
    print(
        f"program: {len(TASKS)} tasks are stored by SQLite, {done} are done,"
        f" {back} put back"
    )

    def start() -> BaseProcess:
        # A daemon is ended and waited for when the program ends.
        worker = context.Process(target=work, args=(path, hold), daemon=True)
        worker.start()
        return worker

    workers = [start(), start()]
    deaths = 0
    while len(results(path)) < len(TASKS):
        for place, worker in enumerate(workers):
            if worker.is_alive():
                continue
            deaths += 1
            if deaths > 10:
                raise ChildProcessError("workers die of a task")
            back = put_back(path, worker.pid)
            print(
                f"program: worker {worker.pid} died of signal"
                f" {-worker.exitcode}, {back} put back"
            )
            workers[place] = start()
        time.sleep(TICK)
    for below, primes in results(path):
        print(f"program: primes below {below}: {primes}")


def until_begun(
    path: str, tasks: list[int], but: set[int]
) -> tuple[int, int]:
    """Waits until a worker, none of `but`, is in the middle of a task."""
    with opened(path) as store:
        while True:
            running = store.execute(
                "SELECT worker, below FROM task"
                " WHERE running AND primes IS NULL"
            )
            for worker, below in running.fetchall():
                if worker not in but and below in tasks:
                    return worker, below
            time.sleep(TICK)


def adopt_orphans() -> None:
    """Has the workers of a killed program become children of this process."""
    if sys.platform == "linux":  # elsewhere init adopts them
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def wait_for_orphans() -> None:
    """Waits for all children: those that were adopted."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def tell(path: str) -> None:
    """What is done to the program."""
    adopt_orphans()
    first = context.Process(target=supervise, args=(path, 30_000))
    first.start()
    try:
        one, task = until_begun(path, [30_000], set())
        two, _ = until_begun(path, [40_000], set())
        done = len(results(path))
        print(f"main: {done} are done, worker {one} is killed in {task}")
        os.kill(one, signal.SIGKILL)
        other, task = until_begun(path, TASKS, {one, two})
        print(f"main: worker {other} has begun {task}, the program is killed")
    finally:
        first.kill()
        first.join()
        wait_for_orphans()

    again = context.Process(target=supervise, args=(path, None))
    again.start()
    again.join()
    if again.exitcode != 0:
        raise ChildProcessError(f"the program: {again.exitcode}")
    print("main: the program has ended well")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "queue.db")
        create(path)
        tell(path)


if __name__ == "__main__":
    main()
