"""Daemon process: a child that does not outlive its parent."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def parent(is_ready: int, life: int) -> None:
    parent = os.getpid()
    if not os.fork():
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            return  # it died before the call
        print(f"daemon: pid {os.getpid()}, child of {parent}")
        os.write(is_ready, b".")
    os.close(is_ready)
    os.read(life, 1)
    print(f"{os.getpid()}: outlived its parent")


def report(name: str, pid: int, status: int) -> None:
    died_of = signal.Signals(-os.waitstatus_to_exitcode(status)).name
    print(f"main: {name} {pid} died of {died_of}")


def main() -> None:
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    ready, is_ready = os.pipe()
    life, death = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(death)  # end of file comes when main alone lets go
        parent(is_ready, life)
        os._exit(0)
    os.close(is_ready)
    try:
        os.read(ready, 1)
        os.kill(pid, signal.SIGKILL)
        report("parent", *os.waitpid(pid, 0))
    finally:
        os.close(death)
    report("daemon", *os.wait())


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, prctl is Linux's own")
