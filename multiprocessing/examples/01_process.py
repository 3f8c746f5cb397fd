"""Process: a function that runs in a process of its own."""

import multiprocessing
import os


def greet(name: str) -> None:
    parent = os.getppid()
    print(f"child: hello {name}, from {os.getpid()}, child of {parent}")


def main() -> None:
    print(f"main: pid {os.getpid()}")
    # As the Rust does; since Python 3.14 Linux's default is forkserver.
    context = multiprocessing.get_context("fork")
    child = context.Process(target=greet, args=("bob",))
    child.start()
    child.join()
    print(f"main: {child.pid} has ended, exit code {child.exitcode}")


if __name__ == "__main__":
    main()
