"""Race condition: one stale write undoes 100,000 updates; three cures."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

EACH = 100_000
TURN = threading.Barrier(2)


def run(ann, bob) -> None:
    threads = [threading.Thread(target=work) for work in (ann, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read_and_write() -> int:
    counter = 0

    def ann() -> None:
        nonlocal counter
        seen = counter
        TURN.wait()
        TURN.wait()
        counter = seen + 1
        for _ in range(1, EACH):
            counter += 1

    def bob() -> None:
        nonlocal counter
        TURN.wait()
        for _ in range(EACH):
            counter += 1
        TURN.wait()

    run(ann, bob)
    return counter


def mutex() -> int:
    counter = 0
    lock = threading.Lock()

    def ann() -> None:
        nonlocal counter
        with lock:
            seen = counter
            TURN.wait()
            TURN.wait()
            counter = seen + 1
        for _ in range(1, EACH):
            with lock:
                counter += 1

    def bob() -> None:
        nonlocal counter
        TURN.wait()
        done = 0
        while done < EACH and lock.acquire(blocking=False):
            counter += 1
            done += 1
            lock.release()
        print(f"bob: {done} updates while ann holds the lock")
        TURN.wait()
        for _ in range(done, EACH):
            with lock:
                counter += 1

    run(ann, bob)
    return counter


def atomic() -> int:
    updates: deque[int] = deque()

    def ann() -> None:
        updates.append(1)
        TURN.wait()
        TURN.wait()
        for _ in range(1, EACH):
            updates.append(1)

    def bob() -> None:
        TURN.wait()
        for _ in range(EACH):
            updates.append(1)
        TURN.wait()

    run(ann, bob)
    return len(updates)


def own_counts() -> int:
    def count() -> int:
        own = 0
        for _ in range(EACH):
            own += 1
        return own

    with ThreadPoolExecutor(max_workers=2) as threads:
        ann, bob = threads.submit(count), threads.submit(count)
        return ann.result() + bob.result()


def main() -> None:
    expected = 2 * EACH
    print(f"main: expected {expected}, read and write got {read_and_write()}")
    print(f"main: expected {expected}, mutex got {mutex()}")
    print(f"main: expected {expected}, atomic got {atomic()}")
    print(f"main: expected {expected}, own counts got {own_counts()}")


if __name__ == "__main__":
    main()
