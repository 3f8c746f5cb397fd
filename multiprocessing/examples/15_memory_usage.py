"""Memory usage: what a process has been promised, and what it has."""

import mmap
import os
import sys

STATM = "/proc/self/statm"
MIB = 1024 * 1024
SIZE = 64 * MIB


def usage() -> list[int]:
    """VMS and RSS in bytes: the first two fields, which are in pages."""
    with open(STATM) as statm:
        pages = statm.read().split()[:2]
    return [int(number) * mmap.PAGESIZE for number in pages]


def touch(memory: mmap.mmap, start: int, end: int) -> None:
    for page in range(start, end, mmap.PAGESIZE):
        memory[page] = 1


def main() -> None:
    if not os.path.exists(STATM):
        print(f"main: skipped, there is no {STATM} here")
        return
    start = usage()
    vms, rss = (figure // MIB for figure in start)
    print(f"main: at the start VMS {vms}, RSS {rss}")

    def report(what: str) -> None:
        vms, rss = (int((n - s) / MIB) for n, s in zip(usage(), start))
        print(f"main: {what}, VMS {vms}, RSS {rss}")

    memory = mmap.mmap(-1, SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    report("64 MiB reserved")
    touch(memory, 0, SIZE // 2)
    report("32 MiB touched")
    touch(memory, SIZE // 2, SIZE)
    report("64 MiB touched")
    memory.close()
    report("64 MiB given back")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
