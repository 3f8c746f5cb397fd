"""Process information: five children, five pids, one parent."""

import multiprocessing
import os
from multiprocessing.synchronize import Barrier

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")


def work(all_here: Barrier) -> None:
    name = multiprocessing.current_process().name
    pid, parent = os.getpid(), os.getppid()
    all_here.wait()
    met = all_here.parties
    print(f"{name}: pid {pid}, parent {parent}, {met} have met")


def main() -> None:
    print(f"main: pid {os.getpid()}")
    all_here = context.Barrier(5)
    children = [
        context.Process(
            target=work,
            name=f"Process-{number}",
            args=(all_here,),
            daemon=True,  # ended when the program fails
        )
        for number in range(1, 6)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    for child in children:
        code = child.exitcode
        print(f"main: {child.pid} was {child.name}, exit code {code}")


if __name__ == "__main__":
    main()
