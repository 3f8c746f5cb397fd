"""Pipe: bytes one way, and an end."""

import multiprocessing
import time
from multiprocessing.connection import Connection


def work(writer: Connection) -> None:
    print("worker: sends 42, None, hello")
    writer.send([42, None, "hello"])
    print("worker: sends a greeting")
    writer.send("Hello from worker")
    time.sleep(0.02)  # main waits for the end
    print("worker: ends")


def at_end(reader: Connection) -> str:
    """Whether a read would return at once, and with nothing."""
    if not reader.poll(0):
        return "false"
    try:
        reader.recv()
    except EOFError:
        return "true"
    return "false"


def main() -> None:
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    reader, writer = ctx.Pipe(duplex=False)
    worker = ctx.Process(target=work, args=(writer,))
    worker.start()

    number, nothing, word = reader.recv()
    print(f"main: got {number}, {nothing}, {word}")
    print(f"main: got {reader.recv()}")

    worker.join()
    code, end = worker.exitcode, at_end(reader)
    print(f"main: the worker ended with {code}, end of file: {end}")
    writer.close()
    end = at_end(reader)
    print(f"main: closed its own writing end, end of file: {end}")


if __name__ == "__main__":
    main()
