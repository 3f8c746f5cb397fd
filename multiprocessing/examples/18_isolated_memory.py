"""Isolated memory: a thread's write is seen by all, a process's by itself."""

import multiprocessing
import sys
import threading

counter = 0


def increase(name: str) -> None:
    global counter
    counter += 1
    print(f"{name}: counter {counter}")


def main() -> None:
    print(f"main: counter {counter}")
    thread = threading.Thread(target=increase, args=("thread",))
    thread.start()
    thread.join()
    print(f"main: after the thread, counter {counter}")
    context = multiprocessing.get_context("fork")
    process = context.Process(target=increase, args=("process",))
    process.start()
    process.join()
    print(f"main: after the process, counter {counter}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
