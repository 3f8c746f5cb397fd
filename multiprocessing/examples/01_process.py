"""Process: a function that runs in a process of its own."""

import multiprocessing
import os
import sys


def greet(name: str) -> None:
    print(f"child: hello {name}, from {os.getpid()}")


def main() -> None:
    print(f"main: pid {os.getpid()}")
    context = multiprocessing.get_context("fork")
    child = context.Process(target=greet, args=("bob",))
    child.start()
    child.join()
    print(f"main: {child.pid} has ended, exit code {child.exitcode}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
