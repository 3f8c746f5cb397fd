"""Process information: five children, five pids, one parent."""

import multiprocessing
import os
import sys


def work() -> None:
    name = multiprocessing.current_process().name
    print(f"{name}: pid {os.getpid()}, parent {os.getppid()}")


def main() -> None:
    print(f"main: pid {os.getpid()}")
    context = multiprocessing.get_context("fork")
    children = [
        context.Process(target=work, name=f"Process-{number}")
        for number in range(1, 6)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"main: {len(children)} children waited for")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
