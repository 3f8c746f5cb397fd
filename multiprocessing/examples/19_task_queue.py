"""Task queue: heavy tasks that outlive the workers who take them."""

import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time

context = multiprocessing.get_context("fork")
TASKS = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000]
TICK = 0.01  # how often the store is asked; it cannot call


def connect(path: str) -> sqlite3.Connection:
    # Each statement is a transaction of its own, and waits if another writes.
    store = sqlite3.connect(path, timeout=10, isolation_level=None)
    store.execute("PRAGMA synchronous = OFF")
    return store


def take(store: sqlite3.Connection, worker: str) -> int | None:
    taken = store.execute(
        "UPDATE task SET worker = ? WHERE below = (SELECT below FROM task"
        " WHERE worker IS NULL ORDER BY below LIMIT 1) RETURNING below",
        [worker],
    ).fetchall()
    return taken[0][0] if taken else None


def count_primes(below: int) -> int:
    sieve = bytearray([1]) * below
    sieve[0:2] = b"\0\0"
    for number in range(2, int(below**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(
                len(range(number * number, below, number))
            )
    return sum(sieve)


def work(name: str, path: str, begun) -> None:
    store = connect(path)
    parent = multiprocessing.parent_process()
    while parent.is_alive():
        below = take(store, name)
        if below is None:
            time.sleep(TICK)
            continue
        print(f"{name}: begins, primes below {below}")
        if name == "worker-1":
            begun.set()
            parent.join()  # until it is killed
        primes = count_primes(below)
        store.execute(
            "UPDATE task SET primes = ? WHERE below = ? AND worker = ?",
            [primes, below, name],
        )


def supervise(path: str) -> None:
    # A connection must not be carried across a fork: start, then connect.
    begun = context.Event()

    def start(name: str):
        # A daemon is ended and waited for when the program ends.
        worker = context.Process(
            target=work, name=name, args=(name, path, begun), daemon=True
        )
        worker.start()
        return worker

    store = connect(path)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute(
        "CREATE TABLE task (below INTEGER PRIMARY KEY, worker, primes)"
    )
    store.executemany(
        "INSERT INTO task (below) VALUES (?)", [[below] for below in TASKS]
    )
    store.close()
    print(f"main: {len(TASKS)} tasks are stored, by SQLite")

    first = start("worker-1")
    begun.wait()
    first.kill()
    first.join()
    store = connect(path)
    store.execute(
        "UPDATE task SET worker = NULL WHERE worker = ? AND primes IS NULL",
        ["worker-1"],
    )
    store.close()
    print(
        f"main: worker-1 died of signal {-first.exitcode},"
        " its task is put back"
    )

    workers = [start("worker-2"), start("worker-3")]
    store = connect(path)
    results = []
    while len(results) < len(TASKS):
        time.sleep(TICK)
        results = store.execute(
            "SELECT below, primes FROM task WHERE primes IS NOT NULL"
            " ORDER BY below"
        ).fetchall()
        for worker in workers:
            if not worker.is_alive():
                raise ChildProcessError(f"{worker.name} has ended")
    for worker in workers:
        worker.terminate()
        worker.join()
    store.close()
    for below, primes in results:
        print(f"main: primes below {below}: {primes}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        supervise(os.path.join(folder, "queue.db"))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
