"""Zombies: a child that has ended is kept until somebody waits for it."""

import os
import sys
import time


def state(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            # It stands behind the name, which is in brackets.
            return stat.read().rsplit(") ")[-1][0]
    except FileNotFoundError:
        return "none"


def report(pid: int) -> None:
    try:
        os.kill(pid, 0)
        answer = "is delivered"
    except ProcessLookupError:
        answer = "finds nobody"
    print(f"main: child {pid}, state {state(pid)}, signal 0 {answer}")


def main() -> None:
    gate, gate_keeper = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.read(gate, 1)
        print("child: about to exit with 7", flush=True)
        os._exit(7)
    while state(child) != "S":
        time.sleep(0)  # until it sleeps at the gate
    report(child)
    os.write(gate_keeper, b".")

    ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    print(f"main: it has exited with {ended.si_status}")
    report(child)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    print(f"main: waited for it, exit code {code}")
    report(child)


if __name__ == "__main__":
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, /proc is Linux's own")
