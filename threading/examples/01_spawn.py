"""Spawn: a thread runs while the main thread goes on; `join` waits for it."""

import queue
import threading


def work(
    started: "queue.SimpleQueue[str]", limit: "queue.SimpleQueue[int]"
) -> None:
    name = threading.current_thread().name
    print(f"{name}: started")
    started.put(name)
    total = sum(range(1, limit.get() + 1))
    print(f"{name}: finished, the sum is {total}")


def main() -> None:
    print("main: starting two threads")
    started: queue.SimpleQueue[str] = queue.SimpleQueue()
    limit: queue.SimpleQueue[int] = queue.SimpleQueue()
    threads = [
        threading.Thread(target=work, args=(started, limit), name=name)
        for name in ("reader", "writer")
    ]
    for thread in threads:
        thread.start()
    names = sorted(started.get() for _ in threads)
    print(f"main: still here, with {' and '.join(names)}")
    for _ in threads:
        limit.put(1_000_000)
    for thread in threads:
        thread.join()
    print("main: both have ended")


if __name__ == "__main__":
    main()
