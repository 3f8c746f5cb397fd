"""Life cycle: the states of a thread, as the program can observe them."""

import os
import queue
import sys
import threading

WORKERS = 5
GATE = threading.Barrier(6)
busy_until = 0
tasks: queue.SimpleQueue[str] = queue.SimpleQueue()


def work(number: int) -> None:
    # The link leads to this thread's own folder below /proc.
    tasks.put(os.readlink("/proc/thread-self"))
    while busy_until < number:
        os.sched_yield()
    GATE.wait()


def wait_for_state(state: str, task: str) -> None:
    """Looks until the kernel gives the thread this state."""
    while True:
        with open(f"/proc/{task}/status") as status:
            if f"State:\t{state}" in status.read():
                return
        os.sched_yield()


def listed() -> int:
    return len(os.listdir("/proc/self/task"))


def main() -> None:
    global busy_until
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    workers = [
        threading.Thread(target=work, args=(number,))
        for number in range(1, WORKERS + 1)
    ]
    new = sum(worker.ident is None for worker in workers)
    print(f"main: {new} workers are new, the kernel lists {listed()} thread")

    for number, worker in enumerate(workers, start=1):
        worker.start()
        task = tasks.get()
        wait_for_state("R", task)
        busy_until = number
        wait_for_state("S", task)
        print(f"main: worker {number} is runnable, then waiting")
    finished = sum(not worker.is_alive() for worker in workers)
    print(f"main: {finished} are finished, the kernel lists {listed()} threads")

    GATE.wait()
    finished = 0
    for worker in workers:
        worker.join()
        finished += not worker.is_alive()
    print(f"main: {finished} are finished")


if __name__ == "__main__":
    main()
