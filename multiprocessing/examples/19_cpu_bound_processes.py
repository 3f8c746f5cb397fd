"""CPU-bound work over processes: the same answer, sooner."""

import multiprocessing
import os
import resource
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from time import perf_counter

END = 3_000_000
# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")


def sum_part(start: int, end: int) -> int:
    return sum(number * number for number in range(start, end))


def work(writer: Connection, all_here: Barrier, start: int, end: int) -> None:
    all_here.wait()
    writer.send((sum_part(start, end), all_here.parties))


def by_processes(workers: int) -> tuple[int, int]:
    """The sum, and how many children met before they counted."""
    all_here = context.Barrier(workers)
    parts = []
    for worker in range(workers):
        reader, writer = context.Pipe(duplex=False)
        part = END * worker // workers, END * (worker + 1) // workers
        child = context.Process(
            target=work, args=(writer, all_here, *part), daemon=True
        )
        child.start()
        writer.close()
        parts.append((reader, child))
    received = []
    for reader, child in parts:
        received.append(reader.recv())
        reader.close()
        child.join()
    sums, met = zip(*received)
    return sum(sums), min(met)


def cores() -> int:
    """Those that this process may use: os.process_cpu_count, since 3.13."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_time(who: int) -> float:
    """Processor time; a child's counts once it has been waited for."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    start = perf_counter()
    total = sum_part(0, END)
    alone = perf_counter() - start
    print(f"main: alone, the squares below {END} add up to {total}")
    most = min(cores(), 8)
    all_but_one = max(most - 1, 1)
    for name, workers in ("cores - 1", all_but_one), ("all cores", most):
        mine = cpu_time(resource.RUSAGE_SELF)
        theirs = cpu_time(resource.RUSAGE_CHILDREN)
        start = perf_counter()
        total, met = by_processes(workers)
        speed_up = alone / (perf_counter() - start)
        mine = cpu_time(resource.RUSAGE_SELF) - mine
        theirs = cpu_time(resource.RUSAGE_CHILDREN) - theirs
        share = int(100 * theirs / (mine + theirs))
        print(f"main: by {name}, here {workers}, to {total}")
        print(
            f"main: {met} children met, their share {share} %,"
            f" speed-up {speed_up:.2f}"
        )


if __name__ == "__main__":
    main()
