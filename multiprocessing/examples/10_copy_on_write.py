"""Copy on write: a fork copies no page before somebody writes to it."""

import ctypes
import mmap
import os
import sys
import traceback

PAGEMAP = "/proc/self/pagemap"
PAGES = 64


def report(name: str, memory: mmap.mmap) -> None:
    first = ctypes.addressof(ctypes.c_char.from_buffer(memory)) // mmap.PAGESIZE
    with open(PAGEMAP, "rb", buffering=0) as pagemap:
        pagemap.seek(first * 8)
        entries = memoryview(pagemap.read(PAGES * 8)).cast("Q")
    alone = sum(entry >> 56 & 1 for entry in entries)
    changed = memory[:: mmap.PAGESIZE].count(2)
    print(f"{name}: {PAGES} pages, mine alone: {alone}, changed: {changed}")


def write_to(memory: mmap.mmap) -> None:
    report("child", memory)
    for page in range(16):
        memory[page * mmap.PAGESIZE] = 2
    report("child", memory)


def main() -> None:
    if not os.path.exists(PAGEMAP):
        print(f"main: skipped, there is no {PAGEMAP} here")
        return
    size = PAGES * mmap.PAGESIZE
    memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(b"\1" * size)
    report("main", memory)
    sys.stdout.flush()
    child = os.fork()
    if not child:
        try:
            write_to(memory)
            sys.stdout.flush()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        raise ChildProcessError(os.waitstatus_to_exitcode(status))
    report("main", memory)


if __name__ == "__main__":
    main()
