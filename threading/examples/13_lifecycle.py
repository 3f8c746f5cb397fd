"""Life cycle: the states of a thread, as the program can observe them."""

import os
import queue
import sys
import threading
from pathlib import Path

WORKERS = 5


class Workers:
    def __init__(self) -> None:
        # Worker n is busy until this is n, then goes to the gate.
        self.busy_until = 0
        self.gate = threading.Barrier(WORKERS + 1)
        self.tasks: queue.SimpleQueue[Path] = queue.SimpleQueue()

    def work(self, number: int) -> None:
        # The link leads to this thread's own folder below /proc.
        task: Path | None = Path("/proc/thread-self").resolve()
        while self.busy_until < number:
            if task:
                self.tasks.put(task)  # it is busy now
                task = None
            os.sched_yield()
        self.gate.wait()


def until(letter: str, task: Path) -> str:
    """Looks until the kernel gives the thread this state, or has no such."""
    while True:
        try:
            text = (task / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return "gone"
        state = text.partition("State:\t")[2].partition("\n")[0]
        if state[0] == letter:
            return state
        os.sched_yield()


def listed() -> str:
    count = len(os.listdir("/proc/self/task"))
    return f"the kernel lists {count} thread{'' if count == 1 else 's'}"


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    shared = Workers()
    workers = [
        threading.Thread(target=shared.work, args=(number,))
        for number in range(1, WORKERS + 1)
    ]
    new = sum(worker.ident is None for worker in workers)
    print(f"main: {new} workers are new, {listed()}")

    begun = []
    for number, worker in enumerate(workers, start=1):
        worker.start()
        task = shared.tasks.get()
        runnable = until("R", task)
        shared.busy_until = number
        waiting = until("S", task)
        print(f"main: worker {number} is {runnable}, then {waiting}")
        begun.append(task)
    finished = sum(not worker.is_alive() for worker in workers)
    print(f"main: {finished} are finished, {listed()}")

    shared.gate.wait()
    for worker in workers:
        worker.join()
    finished = sum(not worker.is_alive() for worker in workers)
    gone = sum(until("gone", task) == "gone" for task in begun)
    print(f"main: {finished} are finished, {gone} are gone for the kernel")


if __name__ == "__main__":
    main()
