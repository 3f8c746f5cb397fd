"""Daemon process: a child that does not outlive its parent."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def fork(work: Callable[[], None]) -> int:
    """Forks, and calls the function in the child, which then ends."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def daemon(parent: int, is_ready: int, life: int) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise ChildProcessError("the parent died before the call")
    print(f"daemon: pid {os.getpid()}, child of {parent}", flush=True)
    os.write(is_ready, b".")
    os.read(life, 1)  # until the end of file
    came = signal.sigtimedwait({signal.SIGTERM}, 0)
    if came is None:
        print("daemon: no signal came")
        return
    name, sender = signal.Signals(came.si_signo).name, came.si_pid
    print(f"daemon: {name} came from {sender}, my parent is {os.getppid()} now")


def main() -> None:
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    ready, is_ready = os.pipe()
    life, death = os.pipe()

    def parent() -> None:
        os.close(death)  # end of file comes when main alone lets go
        me = os.getpid()
        os.waitpid(fork(lambda: daemon(me, is_ready, life)), 0)

    pid = fork(parent)
    os.close(is_ready)
    try:
        os.read(ready, 1)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        name = signal.Signals(-os.waitstatus_to_exitcode(status)).name
        print(f"main: parent {pid} died of {name}")
    finally:
        os.close(death)
    pid, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    print(f"main: adopted {pid}, which exited with {code}")


if __name__ == "__main__":
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, prctl is Linux's own")
