"""Inherited state: the same random number twice, the same text three times."""

import multiprocessing
import os
import random
import tempfile
from multiprocessing.connection import Connection
from typing import TextIO

# As the Rust does: forkserver, Linux's default since 3.14, has no such trap.
context = multiprocessing.get_context("fork")


def work(
    name: str,
    generator: random.Random,
    log: TextIO,
    writer: Connection,
    cured: bool,
) -> None:
    if cured:
        generator.seed()  # the cure
    number = generator.getrandbits(31)
    print(f"{name}: drew {number}")
    log.write(f"{name} drew\n")
    log.flush()
    writer.send(number)


def in_two_children(path: str, cured: bool) -> str:
    generator = random.Random()
    drawn = []
    with open(path, "w") as log:
        log.write("started\n")
        if cured:
            log.flush()  # the cure
        for name in ("ann", "bob"):
            reader, writer = context.Pipe(duplex=False)
            child = context.Process(
                target=work, args=(name, generator, log, writer, cured)
            )
            child.start()
            writer.close()
            drawn.append(reader.recv())
            reader.close()
            child.join()
            if child.exitcode != 0:
                raise ChildProcessError(f"{name}: {child.exitcode}")
    same = str(drawn[0] == drawn[1]).lower()
    with open(path) as log:
        lines = log.read().splitlines()
    return (
        f'they drew the same: {same}, the log has "started"'
        f" {lines.count('started')} times in {len(lines)} lines"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log")
        print(f"main: {in_two_children(path, cured=False)}")
        print(f"main: cured, {in_two_children(path, cured=True)}")


if __name__ == "__main__":
    main()
