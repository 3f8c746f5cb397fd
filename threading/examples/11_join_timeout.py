"""Join with a timeout: wait a while, then find the thread still running."""

import queue
import threading
import time

LIMIT = 0.02


def work(
    permit: "queue.SimpleQueue[None]", answer: "queue.SimpleQueue[int]"
) -> None:
    permit.get()
    print("worker: done")
    answer.put(42)


def main() -> None:
    permit: queue.SimpleQueue[None] = queue.SimpleQueue()
    answer: queue.SimpleQueue[int] = queue.SimpleQueue()
    worker = threading.Thread(target=work, args=(permit, answer))
    worker.start()

    start = time.perf_counter()
    worker.join(timeout=LIMIT)
    if worker.is_alive():
        waited = int((time.perf_counter() - start) * 1000)
        print(
            f"main: after {LIMIT * 1000:.0f} ms the worker is still running, "
            f"waited {waited}"
        )
    else:
        print("main: the worker has ended already")

    print("main: lets the worker go")
    permit.put(None)
    worker.join(timeout=30)
    if worker.is_alive():
        print("main: the worker does not end")
    else:
        print("main: the worker has ended")
    print(f"main: it returned {answer.get()}")


if __name__ == "__main__":
    main()
