"""Database is locked: it fails at once, whatever its time limit."""

import multiprocessing
import os
import sqlite3
import tempfile
from contextlib import closing
from multiprocessing.connection import Connection

ctx = multiprocessing.get_context("fork")  # as the Rust does

LIMIT = 30.0


def connect(path: str, limit: float) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=limit, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    return database


def read(database: sqlite3.Connection) -> int:
    (n,) = database.execute("SELECT n FROM counter").fetchone()
    return n


def write(database: sqlite3.Connection, n: int) -> None:
    database.execute("UPDATE counter SET n = ?", (n,))


def a(
    number: int, path: str, begin: str, to_b: Connection, from_b: Connection
) -> None:
    with closing(connect(path, LIMIT)) as database:
        database.execute("CREATE TABLE counter (n)")
        database.execute("INSERT INTO counter VALUES (0)")
        database.execute(begin)
        n = read(database)
        print(f"a{number}: begins, reads {n}")
        to_b.send(None)
        from_b.recv()
        try:
            write(database, n + 1)
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorcode
            limit = f"limit {LIMIT:.0f} s"
            print(f"a{number}: cannot write: {error} ({code}), {limit}")
            database.execute("ROLLBACK")
        else:
            print(f"a{number}: writes {n + 1}, commits")
            database.execute("COMMIT")


def b(
    number: int, path: str, begin: str, to_a: Connection, from_a: Connection
) -> None:
    from_a.recv()
    with closing(connect(path, 0)) as database:
        try:
            database.execute(begin)
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorcode
            print(f"b{number}: cannot begin: {error} ({code}), waits")
            to_a.send(None)
            database.execute(f"PRAGMA busy_timeout = {LIMIT * 1000:.0f}")
            database.execute(begin)
        n = read(database)
        print(f"b{number}: begins, reads {n}")
        write(database, n + 1)
        print(f"b{number}: writes {n + 1}, commits")
        database.execute("COMMIT")
        to_a.send(None)


def play(number: int, begin: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "counter.sqlite")
        from_a, to_b = ctx.Pipe(duplex=False)
        from_b, to_a = ctx.Pipe(duplex=False)
        processes = [
            ctx.Process(target=a, args=(number, path, begin, to_b, from_b)),
            ctx.Process(target=b, args=(number, path, begin, to_a, from_a)),
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    return sum(process.exitcode == 0 for process in processes)


def main() -> None:
    print("main: both begin as readers")
    ended = play(1, "BEGIN")
    print("main: both begin as writers")
    ended += play(2, "BEGIN IMMEDIATE")
    print(f"main: processes waited for: {ended}")


if __name__ == "__main__":
    main()
