"""Pool panics: a task that fails takes its worker, and other tasks, with it."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
TASKS = 4

Inbox = queue.SimpleQueue[Callable[[], None] | None]


def naive(inbox: Inbox) -> None:
    while task := inbox.get():
        task()


def careful(inbox: Inbox, told: list[str]) -> None:
    while task := inbox.get():
        try:
            task()
        except RuntimeError as error:
            told.append(str(error))


def run(name: str, work: Callable[[Inbox], None]) -> None:
    """Has the tasks run by two workers. The first two tasks fail."""
    ran: list[int] = []
    ended: list[str] = []
    inbox: Inbox = queue.SimpleQueue()

    all_here = threading.Barrier(WORKERS)

    def task(number: int) -> None:
        ran.append(number)
        if number < WORKERS:
            raise RuntimeError("out of paper")

    def worker() -> None:
        all_here.wait()
        work(inbox)
        ended.append(name)

    for number in range(TASKS):
        inbox.put(lambda number=number: task(number))
    for _ in range(WORKERS):
        inbox.put(None)
    workers = [threading.Thread(target=worker) for _ in range(WORKERS)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    print(
        f"main: {name} pool, {TASKS} tasks accepted: "
        f"{len(workers) - len(ended)} workers died, "
        f"{TASKS - len(ran)} tasks never ran"
    )


def fail() -> None:
    raise RuntimeError("out of ink")


def main() -> None:
    run("naive", naive)
    told: list[str] = []
    run("careful", lambda inbox: careful(inbox, told))
    print(f"main: careful pool, told: {', '.join(told)}")

    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(fail)
    kept = str(future.exception() is not None).lower()
    print(
        "main: a failure in a pool of the library: the future keeps it, "
        f"as documented: {kept}"
    )


if __name__ == "__main__":
    main()
