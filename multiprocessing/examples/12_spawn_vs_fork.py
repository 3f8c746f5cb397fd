"""Spawn, fork and exec: who starts with the parent's memory, who without."""

import multiprocessing
import os
import sys

setting = 0


def report(name: str) -> None:
    print(f"{name} setting {setting}, pid {os.getpid()}")


def replace() -> None:
    report("exec: before it")
    program = [sys.executable, "-I", "-S", "-B", __file__, "exec: after it"]
    os.execv(program[0], program)


def main() -> None:
    global setting
    setting = 42
    report("main:")
    fork = multiprocessing.get_context("fork")
    spawn = multiprocessing.get_context("spawn")
    children = [
        fork.Process(target=report, args=("forked:",)),
        spawn.Process(target=report, args=("spawned:",)),
        fork.Process(target=replace),
    ]
    for child in children:
        child.start()
        child.join()
        if child.exitcode != 0:
            raise ChildProcessError(f"{child.name}: {child.exitcode}")
    print(f"main: setting {setting}, all {len(children)} have ended well")


if __name__ == "__main__":
    # This program, started by itself, is told by an argument what it is.
    if sys.argv[1:]:
        report(sys.argv[1])
    else:
        main()
