"""Zombies: a child that has ended is kept until somebody waits for it."""

import os
import sys


def report(pid: int) -> None:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            # The state stands behind the name, which is in brackets.
            state = stat.read().rsplit(") ")[-1][0]
    except OSError:
        state = "none"
    try:
        os.kill(pid, 0)
        answer = "is delivered"
    except ProcessLookupError:
        answer = "finds nobody"
    print(f"main: state {state}, signal 0 {answer}")


def main() -> None:
    child = os.fork()
    if not child:
        print("child: about to exit with 7")
        os._exit(7)
    ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    print(f"main: it has exited with {ended.si_status}")
    report(child)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    print(f"main: waited for it, exit code {code}")
    report(child)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, /proc is Linux's own")
