"""Memory file: shared memory without a name."""

import errno
import fcntl
import mmap
import os
import struct
import subprocess
import sys
from collections.abc import Callable

NUMBERS = "=3I"
SIZE = struct.calcsize(NUMBERS)


def show(data: mmap.mmap | bytes) -> str:
    return ", ".join(map(str, struct.unpack_from(NUMBERS, data)))


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        match error.errno:
            case errno.EPERM:
                return "not permitted"
            case errno.EBUSY:
                return "busy"
        raise
    return "done"


def seal(file: int, seals: int) -> None:
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)


def resize(name: str, file: int, size: int) -> None:
    done = outcome(lambda: os.ftruncate(file, size))
    print(f"{name}: makes it {size} bytes long: {done}")


def write_first(file: int, number: int) -> None:
    done = outcome(lambda: os.pwrite(file, struct.pack("=I", number), 0))
    print(f"main: writes {number} over the first: {done}")


def start(role: str, file: int) -> None:
    """Runs this program once more, with the file as its standard input."""
    python = [sys.executable, "-I", "-S", "-B"]
    subprocess.run([*python, __file__, role], stdin=file, check=True)


def double(file: int) -> None:
    with mmap.mmap(file, SIZE) as segment:
        print(f"other: finds {show(segment)}, doubles them")
        numbers = struct.unpack_from(NUMBERS, segment)
        doubled = [number * 2 for number in numbers]
        struct.pack_into(NUMBERS, segment, 0, *doubled)
    resize("other", file, 0)


def read(file: int) -> None:
    done = outcome(lambda: mmap.mmap(file, SIZE))
    print(f"reader: maps it for writing: {done}")
    print(f"reader: reads {show(os.pread(file, SIZE, 0))}")


def share() -> None:
    file = os.memfd_create("numbers", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    os.ftruncate(file, SIZE)
    segment = mmap.mmap(file, SIZE)
    struct.pack_into(NUMBERS, segment, 0, 5, 10, 13)
    about = os.fstat(file)
    print(
        f"main: a file of {about.st_size} bytes with {about.st_nlink} names, "
        f"holds {show(segment)}"
    )
    resize("main", file, 16)
    seal(file, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    print("main: seals its size")
    resize("main", file, 12)

    start("other", file)
    print(f"main: finds {show(segment)}")

    done = outcome(lambda: seal(file, fcntl.F_SEAL_WRITE))
    print(f"main: seals it against writing while it is mapped: {done}")
    write_first(file, 99)
    segment.close()
    done = outcome(lambda: seal(file, fcntl.F_SEAL_WRITE))
    print(f"main: unmaps it, seals it against writing: {done}")
    write_first(file, 7)
    start("reader", file)
    os.close(file)


def main() -> None:
    if not hasattr(os, "memfd_create"):
        print("main: skipped, there are no memory files here")
        return
    match sys.argv[1:]:
        case ["other"]:
            double(sys.stdin.fileno())
        case ["reader"]:
            read(sys.stdin.fileno())
        case _:
            share()


if __name__ == "__main__":
    main()
