"""Memory usage: what a process has been promised, and what it has."""

import mmap
import multiprocessing
import os
import subprocess
import sys

STATM = "/proc/self/statm"
SMAPS = "/proc/self/smaps_rollup"
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


def report_share(name: str) -> None:
    with open(SMAPS) as smaps:
        fields = [line.split() for line in smaps if line.endswith("kB\n")]
    mib = {field: int(size) // 1024 for field, size, _ in fields}
    print(f"{name}: RSS {mib['Rss:']}, PSS {mib['Pss:']}")


def main() -> None:
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
    # As the Rust does; since Python 3.14 Linux's default is forkserver.
    context = multiprocessing.get_context("fork")
    child = context.Process(target=report_share, args=("forked",))
    child.start()
    child.join()
    if child.exitcode != 0:
        raise ChildProcessError(child.exitcode)
    program = [sys.executable, "-I", "-S", "-B", __file__, "new program"]
    subprocess.run(program, check=True)
    memory.close()
    report("64 MiB given back")


if __name__ == "__main__":
    if not os.path.exists(SMAPS):
        print(f"main: skipped, there is no {SMAPS} here")
    elif sys.argv[1:]:
        report_share(sys.argv[1])  # this program, started anew by itself
    else:
        main()
