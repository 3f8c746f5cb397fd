"""Spawn, fork and exec: who starts with the parent's memory, who without."""

import multiprocessing
import os
import sys

# A spawned process imports this file, so it does this too.
sys.stdout.reconfigure(line_buffering=True)
setting = 0


def report(name: str) -> None:
    print(f"{name}: setting {setting}, pid {os.getpid()}")


def replace() -> None:
    report("before exec")
    program = [sys.executable, "-I", "-S", "-B", __file__, "after exec"]
    os.execv(program[0], program)


def main() -> None:
    global setting
    setting = 42
    report("main")
    fork = multiprocessing.get_context("fork")
    spawn = multiprocessing.get_context("spawn")
    for child in (
        fork.Process(target=report, args=("forked",)),
        spawn.Process(target=report, args=("spawned",)),
        fork.Process(target=replace),
    ):
        child.start()
        child.join()


if __name__ == "__main__":
    # This program, started by itself, is told by an argument what it is.
    if sys.argv[1:]:
        report(sys.argv[1])
    else:
        main()
