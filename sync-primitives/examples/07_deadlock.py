"""Deadlock: two threads, two locks, opposite order."""

import queue
import threading


class Lock:
    def __init__(self, name: str) -> None:
        self.name = name
        self.mutex = threading.Lock()


left, right = Lock("left"), Lock("right")
gate = threading.Event()
reports: queue.SimpleQueue[tuple[str, str, str]] = queue.SimpleQueue()


def take(lock: Lock, who: str) -> None:
    if not lock.mutex.acquire(blocking=False):
        print(f"{who}: waits for {lock.name}")
        reports.put(("waits", who, lock.name))
        lock.mutex.acquire()
    print(f"{who}: holds {lock.name}")
    reports.put(("holds", who, lock.name))


def work(who: str, first: Lock, second: Lock) -> None:
    take(first, who)
    gate.wait()
    take(second, who)
    second.mutex.release()
    first.mutex.release()
    reports.put(("done", who, ""))


def cycle(
    start: str, wanted: dict[str, str], holder: dict[str, str]
) -> list[str]:
    """The waits that lead from a thread back to itself, if there are any."""
    waits = []
    who = start
    while who in wanted and wanted[who] in holder:
        lock = wanted[who]
        waits.append(f"{who} waits for {lock}, held by {holder[lock]}")
        who = holder[lock]
        if who == start:
            return waits
    return []


def main() -> None:
    for task in (("ann", left, right), ("bob", right, left)):
        threading.Thread(target=work, args=task, daemon=True).start()
    wanted: dict[str, str] = {}
    holder: dict[str, str] = {}
    count = done = 0
    while done < 2:
        step, who, lock = reports.get()
        if step == "waits":
            wanted[who] = lock
            if waits := cycle(who, wanted, holder):
                print("main: deadlock")
                for wait in waits:
                    print(f"main: {wait}")
                return
        elif step == "holds":
            wanted.pop(who, None)
            holder[lock] = who
        else:
            done += 1
        count += 1
        if count == 2:
            gate.set()  # both hold their first lock, or wait
    print("main: no deadlock")


if __name__ == "__main__":
    main()
