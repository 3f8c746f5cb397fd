"""File lock: nobody reads half a change."""

import fcntl
import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection

ctx = multiprocessing.get_context("fork")  # as the Rust does


def write(
    number: int,
    path: str,
    locks: bool,
    half: Connection,
    has_looked: Connection,
) -> None:
    with open(path, "r+b", buffering=0) as file:
        if locks:
            fcntl.flock(file, fcntl.LOCK_EX)
        print(f"writer {number}: took 30 from Ann")
        os.pwrite(file.fileno(), b"20", 0)
        half.send(None)
        # A reader that has asked for the lock goes on waiting.
        looked = has_looked.recv() == "looked" or has_looked.poll(0.02)
        looked = str(looked).lower()
        print(f"writer {number}: the reader has looked: {looked}")
        print(f"writer {number}: gave 30 to Bob")
        os.pwrite(file.fileno(), b"80", 3)


def read(
    number: int,
    path: str,
    locks: bool,
    half_done: Connection,
    looked: Connection,
) -> None:
    with open(path) as file:
        half_done.recv()
        if locks:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"reader {number}: the lock is taken, waits")
                looked.send("waits")
                fcntl.flock(file, fcntl.LOCK_SH)
        ann, bob = map(int, file.read().split())
        print(f"reader {number}: Ann {ann}, Bob {bob}, together {ann + bob}")
        looked.send("looked")


def play(number: int, writer_locks: bool, reader_locks: bool) -> int:
    with tempfile.NamedTemporaryFile() as accounts:
        accounts.write(b"50 50")
        accounts.flush()
        half_done, half = ctx.Pipe(duplex=False)
        has_looked, looked = ctx.Pipe(duplex=False)
        processes = [
            ctx.Process(
                target=write,
                args=(number, accounts.name, writer_locks, half, has_looked),
            ),
            ctx.Process(
                target=read,
                args=(number, accounts.name, reader_locks, half_done, looked),
            ),
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    return sum(process.exitcode == 0 for process in processes)


def main() -> None:
    print("main: nobody locks")
    ended = play(1, writer_locks=False, reader_locks=False)
    print("main: both lock")
    ended += play(2, writer_locks=True, reader_locks=True)
    print("main: the writer locks, the reader does not")
    ended += play(3, writer_locks=True, reader_locks=False)
    print(f"main: processes waited for: {ended}")


if __name__ == "__main__":
    main()
