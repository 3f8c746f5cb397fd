"""Spawn: a thread runs while the main thread goes on; `join` waits for it."""

import queue
import threading


def work(
    started: "queue.SimpleQueue[str]", numbers: "queue.SimpleQueue[int]"
) -> None:
    name = threading.current_thread().name
    is_there = str(not numbers.empty()).lower()
    print(f"{name}: started, its number is there: {is_there}")
    started.put(name)
    total = sum(range(1, numbers.get() + 1))
    print(f"{name}: finished, the sum is {total}")


def main() -> None:
    print("main: starting two threads")
    started: queue.SimpleQueue[str] = queue.SimpleQueue()
    threads = []
    for name in ("reader", "writer"):
        numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
        thread = threading.Thread(
            target=work, args=(started, numbers), name=name
        )
        thread.start()
        threads.append((numbers, thread))
    names = sorted(started.get() for _ in threads)
    print(f"main: still here, with {' and '.join(names)}")
    for numbers, thread in threads:
        numbers.put(1_000_000)
        thread.join()
        print(f"main: {thread.name} has ended")


if __name__ == "__main__":
    main()
