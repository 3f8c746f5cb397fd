"""Torn writes: many writers on one pipe."""

import fcntl
import itertools
import multiprocessing
import os
import select
import sys
import tempfile

LARGE = 262144

ctx = multiprocessing.get_context("fork")


def write_small(letter: bytes, writer: int) -> None:
    for _ in range(50):
        os.write(writer, letter * select.PIPE_BUF)


def small() -> int:
    reader, writer = os.pipe()
    writers = [
        ctx.Process(target=write_small, args=(letter, writer))
        for letter in (b"a", b"b", b"c", b"d")
    ]
    for process in writers:
        process.start()
    os.close(writer)
    with open(reader, "rb") as pipe:
        records = iter(lambda: pipe.read(select.PIPE_BUF), b"")
        torn = sum(len(set(record)) > 1 for record in records)
    for process in writers:
        process.join()
    return torn


def large(locked: bool) -> str:
    with tempfile.NamedTemporaryFile() as file:
        path = file.name if locked else None
        reader, writer = os.pipe()
        from_a, to_b = ctx.Pipe(duplex=False)
        from_b, to_a = ctx.Pipe(duplex=False)
        processes = [
            ctx.Process(target=a, args=(writer, path, to_b, from_b)),
            ctx.Process(target=b, args=(writer, path, to_a, from_a)),
        ]
        for process in processes:
            process.start()
        os.close(writer)
        with open(reader, "rb") as pipe:
            pieces = pipe.read().decode()
        for process in processes:
            process.join()
    return "".join(letter for letter, _ in itertools.groupby(pieces))


def a(writer: int, path: str | None, to_b, from_b) -> None:
    record = b"a" * LARGE
    lock = path and open(path)
    if lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_blocking(writer, False)
    wrote = os.write(writer, record)
    os.set_blocking(writer, True)
    print(f"a: the pipe is full, wrote {wrote} of {LARGE} bytes")
    to_b.send(None)
    from_b.recv()
    print("a: writes the rest")
    while wrote < LARGE:
        wrote += os.write(writer, record[wrote:])
    if lock:
        lock.close()


def b(writer: int, path: str | None, to_a, from_a) -> None:
    from_a.recv()
    lock = path and open(path)
    waited = False
    if lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("b: the lock is taken, waits")
            to_a.send(None)
            fcntl.flock(lock, fcntl.LOCK_EX)
            waited = True
    print("b: writes its record")
    wrote = 0
    while wrote < LARGE:
        wrote += os.write(writer, b"b" * (LARGE - wrote))
    if not waited:
        to_a.send(None)
    if lock:
        lock.close()


def main() -> None:
    torn = small()
    print(f"main: 4 writers, 200 records of PIPE_BUF bytes, torn: {torn}")
    print(f"main: without a lock the pieces come as {large(False)}")
    print(f"main: with a lock the pieces come as {large(True)}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
