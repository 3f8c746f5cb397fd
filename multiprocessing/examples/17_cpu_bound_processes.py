"""CPU-bound work over processes: the same answer, sooner."""

import multiprocessing
import os
import resource
import sys
from time import perf_counter

END = 3_000_000
context = multiprocessing.get_context("fork")


def squares(start: int, end: int) -> int:
    return sum(number * number for number in range(start, end))


def send_squares(writer, start: int, end: int) -> None:
    writer.send(squares(start, end))


def by_processes(workers: int) -> int:
    parts = []
    for worker in range(workers):
        reader, writer = context.Pipe(duplex=False)
        part = END * worker // workers, END * (worker + 1) // workers
        child = context.Process(target=send_squares, args=(writer, *part))
        child.start()
        writer.close()
        parts.append((reader, child))
    total = 0
    for reader, child in parts:
        total += reader.recv()
        child.join()
    return total


def cpu_time(who: int) -> float:
    """Processor time; a child's counts once it has been waited for."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    start = perf_counter()
    total = squares(0, END)
    alone = perf_counter() - start
    print(f"main: alone, the squares below {END} add up to {total}")
    cores = min(os.cpu_count() or 1, 8)
    all_but_one = max(cores - 1, 1)
    for name, workers in ("cores - 1", all_but_one), ("all cores", cores):
        mine = cpu_time(resource.RUSAGE_SELF)
        theirs = cpu_time(resource.RUSAGE_CHILDREN)
        start = perf_counter()
        total = by_processes(workers)
        speed_up = alone / (perf_counter() - start)
        mine = cpu_time(resource.RUSAGE_SELF) - mine
        theirs = cpu_time(resource.RUSAGE_CHILDREN) - theirs
        share = int(100 * theirs / (mine + theirs))
        print(f"main: by {name}, here {workers}, to {total}")
        print(f"main: share of the children {share} %, speed-up {speed_up:.2f}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
