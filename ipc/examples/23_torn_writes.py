"""Torn writes: many writers on one pipe, and two readers."""

import fcntl
import itertools
import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection
from select import PIPE_BUF

ctx = multiprocessing.get_context("fork")  # as the Rust does


def write_all(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]


def write_at_once(pipe: int, data: bytes) -> int:
    """Writes what there is room for. The flag is the pipe's."""
    os.set_blocking(pipe, False)
    try:
        return os.write(pipe, data)
    except BlockingIOError:
        return 0
    finally:
        os.set_blocking(pipe, True)


def a(
    number: int,
    size: int,
    pipe: int,
    path: str | None,
    has_tried: Connection,
    from_b: Connection,
) -> None:
    lock = path and open(path)
    if lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # for the whole record
    record = b"a" * (size * PIPE_BUF)
    wrote = write_at_once(pipe, record)
    whole = str(wrote == len(record)).lower()
    print(f"a{number}: whole record of {size} x PIPE_BUF at once: {whole}")
    has_tried.send(None)
    # Without a lock b has written by now. With one it goes on waiting.
    wrote_too = from_b.recv() == "wrote" or from_b.poll(0.02)
    print(f"a{number}: b has written: {str(wrote_too).lower()}")
    write_all(pipe, record[wrote:])
    print(f"a{number}: has written all")
    if lock:
        lock.close()


def b(
    number: int,
    size: int,
    pipe: int,
    path: str | None,
    to_a: Connection,
    go: Connection,
) -> None:
    go.recv()
    lock = path and open(path)
    if lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"b{number}: the lock is taken, waits")
            to_a.send("waits")
            fcntl.flock(lock, fcntl.LOCK_EX)
    print(f"b{number}: writes its record")
    write_all(pipe, b"b" * (size * PIPE_BUF))
    to_a.send("wrote")
    if lock:
        lock.close()


def pipe_with_room() -> tuple[int, int]:
    """A pipe that is full but for PIPE_BUF bytes."""
    reader, writer = os.pipe()
    while write_at_once(writer, b"." * PIPE_BUF):
        pass
    os.read(reader, PIPE_BUF)
    return reader, writer


def play(number: int, size: int, locked: bool) -> str:
    """Two processes write a record each; gives the order of the pieces."""
    with tempfile.NamedTemporaryFile() as file:
        path = file.name if locked else None
        reader, writer = pipe_with_room()
        from_b, to_a = ctx.Pipe(duplex=False)
        go, say_go = ctx.Pipe(duplex=False)
        tried, has_tried = ctx.Pipe(duplex=False)
        processes = [
            ctx.Process(
                target=a, args=(number, size, writer, path, has_tried, from_b)
            ),
            ctx.Process(target=b, args=(number, size, writer, path, to_a, go)),
        ]
        for process in processes:
            process.start()
        os.close(writer)
        tried.recv()
        say_go.send(None)
        with open(reader, "rb") as pipe:
            pieces = pipe.read().decode()
        for process in processes:
            process.join()
    letters = (letter for letter, _ in itertools.groupby(pieces))
    return "".join(letters).strip(".")


def read_length(number: int, pipe: int) -> None:
    print(f"reader {number}: the length is {os.read(pipe, 1).decode()}")


def read_all(pipe: int, say: Connection, told: Connection) -> None:
    read_length(1, pipe)
    say.send(None)
    told.recv()
    print(f"reader 1: the text is {os.read(pipe, 5).decode()}")


def two_readers() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"5hello")  # a length and a text
    os.close(writer)
    said, say = ctx.Pipe(duplex=False)
    told, tell = ctx.Pipe(duplex=False)
    first = ctx.Process(target=read_all, args=(reader, say, told))
    first.start()
    said.recv()
    second = ctx.Process(target=read_length, args=(2, reader))
    second.start()
    second.join()
    tell.send(None)
    first.join()
    os.close(reader)


def main() -> None:
    pieces = play(1, 1, locked=False)
    print(f"main: without a lock the pieces come as {pieces}")
    pieces = play(2, 2, locked=False)
    print(f"main: without a lock the pieces come as {pieces}")
    pieces = play(3, 2, locked=True)
    print(f"main: with a lock the pieces come as {pieces}")
    two_readers()


if __name__ == "__main__":
    main()
