"""Temporary guard: a lock taken in the head of a loop is held in the body."""

import threading
from collections import deque
from collections.abc import Iterator


def jobs_under_lock(lock: threading.Lock, jobs: deque[int]) -> Iterator[int]:
    """Holds the lock whenever it is suspended at `yield`."""
    with lock:
        while jobs:
            yield jobs.popleft()  # held


def jobs_one_by_one(lock: threading.Lock, jobs: deque[int]) -> Iterator[int]:
    while True:
        with lock:
            if not jobs:
                return
            job = jobs.popleft()  # released
        yield job


def ask_for_help(number: int, lock: threading.Lock, jobs: deque[int]) -> None:
    """Another thread tries to take a job, while main works."""

    def helper() -> None:
        if not lock.acquire(blocking=False):
            print(f"helper {number}: the queue is locked")
            return
        try:
            if jobs:
                print(f"helper {number}: takes job {jobs.popleft()}")
            else:
                print(f"helper {number}: nothing left")
        finally:
            lock.release()

    thread = threading.Thread(target=helper)
    thread.start()
    thread.join()


def main() -> None:
    lock = threading.Lock()
    for title, take, jobs in (
        ("in the head", jobs_under_lock, deque([1, 2])),
        ("before", jobs_one_by_one, deque([3, 4])),
    ):
        print(f"main: the lock is taken {title}")
        total = len(jobs)
        done = 0
        for job in take(lock, jobs):
            print(f"main: works on job {job}")
            ask_for_help(job, lock, jobs)
            done += 1
        print(f"main: did {done} of {total} jobs")


if __name__ == "__main__":
    main()
