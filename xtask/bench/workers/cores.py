"""Which core a thread or process runs on."""

import itertools
import multiprocessing
import os

ALLOWED = sorted(os.sched_getaffinity(0))
count = itertools.count()


def spread(i):
    """Pins the calling thread to the i-th core: each gets its own, none is stacked."""
    os.sched_setaffinity(0, {ALLOWED[i % len(ALLOWED)]})


def spread_next():
    """For the threads of a pool: the next core."""
    spread(next(count))


def spread_process():
    """For the processes of a pool: by their number."""
    spread(multiprocessing.current_process()._identity[-1])
