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
    done = outcome(lambda: os.ftruncate(file, 0))
    print(f"other: makes it 0 bytes long: {done}")


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
    done = outcome(lambda: os.ftruncate(file, 16))
    print(f"main: makes it 16 bytes long: {done}")
    seal(file, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    done = outcome(lambda: os.ftruncate(file, 12))
    print(f"main: seals its size, makes it 12 bytes long: {done}")

    start("other", file)
    print(f"main: finds {show(segment)}")

    done = outcome(lambda: seal(file, fcntl.F_SEAL_WRITE))
    print(f"main: seals it against writing while it is mapped: {done}")
    done = outcome(lambda: os.pwrite(file, struct.pack("=I", 99), 0))
    print(f"main: writes 99 at the front: {done}")
    segment.close()
    done = outcome(lambda: seal(file, fcntl.F_SEAL_WRITE))
    print(f"main: unmaps it, seals it against writing: {done}")
    done = outcome(lambda: os.pwrite(file, struct.pack("=I", 0), 0))
    print(f"main: writes 0 at the front: {done}")
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
