"""Join with a timeout: wait a while, then find the thread still running."""

import queue
import threading

permit: queue.SimpleQueue[None] = queue.SimpleQueue()
answer = 0


def work() -> None:
    global answer
    permit.get()
    print("worker: done")
    answer = 42


def main() -> None:
    worker = threading.Thread(target=work)
    worker.start()

    worker.join(timeout=0.02)
    if worker.is_alive():
        print("main: after 20 ms the worker is still running")
    else:
        print("main: the worker has ended already")

    print("main: lets the worker go")
    permit.put(None)
    worker.join()
    print(f"main: the worker has ended, and returned {answer}")


if __name__ == "__main__":
    main()
