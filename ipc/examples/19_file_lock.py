"""File lock: nobody reads half a change."""

import fcntl
import multiprocessing
import os
import sys
import tempfile

ctx = multiprocessing.get_context("fork")


def write(path: str, locked: bool, half, has_looked) -> None:
    with open(path, "r+b", buffering=0) as file:
        if locked:
            fcntl.flock(file, fcntl.LOCK_EX)
        print("writer: took 30 from Ann")
        os.pwrite(file.fileno(), b"20", 0)
        half.send(None)
        has_looked.recv()
        print("writer: gave 30 to Bob")
        os.pwrite(file.fileno(), b"80", 3)


def read(path: str, locked: bool, half_done, looked) -> None:
    with open(path) as file:
        half_done.recv()
        waited = False
        if locked:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = True
                print("reader: waits for the lock")
                looked.send(None)
                fcntl.flock(file, fcntl.LOCK_SH)
        ann, bob = map(int, file.read().split())
        print(f"reader: Ann {ann}, Bob {bob}, together {ann + bob}")
        if not waited:
            looked.send(None)


def both(locked: bool) -> None:
    with tempfile.NamedTemporaryFile() as accounts:
        accounts.write(b"50 50")
        accounts.flush()
        half_done, half = ctx.Pipe(duplex=False)
        has_looked, looked = ctx.Pipe(duplex=False)
        processes = [
            ctx.Process(
                target=write, args=(accounts.name, locked, half, has_looked)
            ),
            ctx.Process(
                target=read, args=(accounts.name, locked, half_done, looked)
            ),
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()


def main() -> None:
    print("main: without a lock")
    both(locked=False)
    print("main: with a lock")
    both(locked=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
