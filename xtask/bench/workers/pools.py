"""A batch of tasks for a pool: a thousand tiny ones, four large ones; and work that
several threads or processes share out."""

import concurrent.futures
import multiprocessing

from cores import spread_next, spread_process

TINY = 1000
LARGE = 4

context = multiprocessing.get_context("fork")


# The tasks use no name but their own: an interpreter of a pool has no others.


def tiny(i):
    return i * i


def large(x):
    for _ in range(100_000):
        x = (x * 1103515245 + 12345) % 2147483647
    return x


def work_1(n):
    total = 0
    for _ in range(n):
        x = 1
        for _ in range(10_000):
            x = (x * 1103515245 + 12345) % 2147483647
        total += x
    return total


def batches(run, task, tasks, **options):
    def work(n):
        return sum(sum(run(task, range(tasks), **options)) for _ in range(n))

    return work


def loop_tiny():
    return batches(map, tiny, TINY)


def loop_large():
    return batches(map, large, LARGE)


def threads():
    pool = concurrent.futures.ThreadPoolExecutor(2, initializer=spread_next)
    list(pool.map(tiny, range(2)))
    return pool.map


def threads_tiny():
    return batches(threads(), tiny, TINY)


def threads_large():
    return batches(threads(), large, LARGE)


def executor():
    """A ProcessPoolExecutor whose processes are there."""
    pool = concurrent.futures.ProcessPoolExecutor(
        2, mp_context=context, initializer=spread_process
    )
    list(pool.map(tiny, range(2)))
    return pool.map, list(pool._processes)


def executor_tiny():
    run, pids = executor()
    return batches(run, tiny, TINY), pids


def executor_chunks_tiny():
    run, pids = executor()
    return batches(run, tiny, TINY, chunksize=TINY // 2), pids


def executor_large():
    run, pids = executor()
    return batches(run, large, LARGE), pids


def processes():
    pool = context.Pool(2, initializer=spread_process)
    return pool, [process.pid for process in pool._pool]


def pool_tiny():
    pool, pids = processes()
    return batches(pool.map, tiny, TINY), pids


def pool_one_tiny():
    pool, pids = processes()
    return batches(pool.map, tiny, TINY, chunksize=1), pids


def pool_large():
    pool, pids = processes()
    return batches(pool.map, large, LARGE), pids


def interpreters():
    try:
        pool = concurrent.futures.InterpreterPoolExecutor(2)
    except AttributeError:
        raise NotImplementedError("from Python 3.14 on") from None
    list(pool.map(tiny, range(2)))
    return pool.map


def interpreters_tiny():
    return batches(interpreters(), tiny, TINY)


def interpreters_large():
    return batches(interpreters(), large, LARGE)


def share(count):
    from crew import Crew

    return Crew(count, lambda _me, part: work_1(part)).run


def work_2():
    run = share(2)
    return lambda n: run(n)


def work_4():
    run = share(4)
    return lambda n: run(n)


def work_processes():
    pool, pids = processes()
    return lambda n: sum(pool.map(work_1, [n // 2] * 2, chunksize=1)), pids


def work_interpreters():
    run = interpreters()
    return lambda n: sum(run(work_1, [n // 2] * 2))
