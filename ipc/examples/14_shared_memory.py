"""Shared memory: one segment, two processes, no copy."""

import multiprocessing
import struct
from multiprocessing.shared_memory import SharedMemory

NUMBERS = "3I"


def listed(segment: SharedMemory) -> str:
    return ", ".join(map(str, struct.unpack_from(NUMBERS, segment.buf)))


def other(name: str) -> None:
    segment = SharedMemory(name)
    print(f"other: opened it by its name, found {listed(segment)}")
    for offset in range(0, struct.calcsize(NUMBERS), struct.calcsize("I")):
        (number,) = struct.unpack_from("I", segment.buf, offset)
        struct.pack_into("I", segment.buf, offset, number * 2)
    print("other: doubled them where they are")
    segment.close()


def is_there(name: str) -> str:
    try:
        SharedMemory(name).close()
    except FileNotFoundError:
        return "false"
    return "true"


def make_empty() -> str:
    try:
        empty = SharedMemory(create=True, size=0)
    except ValueError:
        return "refused"
    empty.unlink()
    return "mapped"


def main() -> None:
    print(f"main: an empty segment is {make_empty()}")
    segment = SharedMemory(create=True, size=struct.calcsize(NUMBERS))
    try:
        struct.pack_into(NUMBERS, segment.buf, 0, 5, 10, 13)
        print(f"main: made a segment and put {listed(segment)} there")
        ctx = multiprocessing.get_context("spawn")
        process = ctx.Process(target=other, args=(segment.name,))
        process.start()
        process.join()
        code = process.exitcode
        print(f"main: the other ended with {code}, here are {listed(segment)}")
        print(f"main: there by name: {is_there(segment.name)}")
    finally:
        segment.unlink()
    print(f"main: unlinked it, there by name: {is_there(segment.name)}")
    print(f"main: and still mapped: {listed(segment)}")
    segment.close()


if __name__ == "__main__":
    main()
