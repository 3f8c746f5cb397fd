"""Pipe: bytes one way, and an end."""

import multiprocessing
import sys
from multiprocessing.connection import Connection


def work(writer: Connection) -> None:
    print("worker: sends 42, None, hello")
    writer.send([42, None, "hello"])
    print("worker: sends a greeting")
    writer.send("Hello from worker")


def main() -> None:
    ctx = multiprocessing.get_context("fork")
    reader, writer = ctx.Pipe(duplex=False)
    worker = ctx.Process(target=work, args=(writer,))
    worker.start()

    number, nothing, word = reader.recv()
    print(f"main: got {number}, {nothing}, {word}")
    print(f"main: got {reader.recv()}")

    worker.join()
    end = str(reader.poll(0)).lower()
    print(f"main: the worker has ended, end of file: {end}")
    writer.close()
    try:
        reader.recv()
    except EOFError:
        print("main: closed its own writing end, end of file: true")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
