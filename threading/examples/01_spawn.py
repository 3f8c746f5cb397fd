"""Spawn: a thread runs while the main thread goes on; `join` waits for it."""

import queue
import threading


def work(started: threading.Barrier, limit: "queue.SimpleQueue[int]") -> None:
    name = threading.current_thread().name
    print(f"{name}: started")
    started.wait()
    total = sum(range(1, limit.get() + 1))
    print(f"{name}: finished, the sum is {total}")


def main() -> None:
    print("main: starting two threads")
    started = threading.Barrier(3)
    limit: queue.SimpleQueue[int] = queue.SimpleQueue()
    threads = [
        threading.Thread(target=work, args=(started, limit), name=name)
        for name in ("reader", "writer")
    ]
    for thread in threads:
        thread.start()
    started.wait()
    print("main: still here, with both of them")
    for _ in threads:
        limit.put(1_000_000)
    for thread in threads:
        thread.join()
    print("main: both have ended")


if __name__ == "__main__":
    main()
