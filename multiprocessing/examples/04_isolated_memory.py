"""Isolated memory: a thread's write is seen by all, a process's by itself."""

import multiprocessing
import threading

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")
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
    process = context.Process(target=increase, args=("process",))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise ChildProcessError(f"exit code {process.exitcode}")
    print(f"main: after the process, counter {counter}")


if __name__ == "__main__":
    main()
