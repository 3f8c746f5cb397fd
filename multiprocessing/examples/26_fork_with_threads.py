"""Fork with threads: a lock that nobody in the child can release."""

import os
import sys
import threading
import traceback
import warnings
from collections.abc import Callable

LOCK = threading.Lock()


def fork(work: Callable[[], None]) -> int:
    """Forks, and calls the function in the child, which then ends."""
    sys.stdout.flush()
    with warnings.catch_warnings():
        # Since 3.12 Python warns of what is shown here.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def wait(pid: int) -> int:
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def try_lock(text: str) -> None:
    free = LOCK.acquire(blocking=False)
    if free:
        LOCK.release()
    os.write(1, f"{text}{str(free).lower()}\n".encode())


def main() -> None:
    taken, release = threading.Event(), threading.Event()

    def hold() -> None:
        with LOCK:
            print("holder: has the lock")
            taken.set()
            release.wait()
        print("holder: has released the lock")

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait()

    told, tell = os.pipe()
    gate, gate_keeper = os.pipe()

    def try_twice() -> None:
        try_lock("child: forked, lock is free: ")
        os.write(tell, b".")
        os.read(gate, 1)
        try_lock("child: it is released there, here free: ")

    child = fork(try_twice)
    os.read(told, 1)
    release.set()
    holder.join()
    free = str(not LOCK.locked()).lower()
    print(f"main: lock is free: {free}")
    os.write(gate_keeper, b".")
    print(f"main: the child has ended, exit code {wait(child)}")

    cured = fork(
        lambda: try_lock(
            "cured: forked without another thread, lock is free: "
        )
    )
    if wait(cured) != 0:
        raise ChildProcessError("the cured child")
    print("main: the child has ended well")


if __name__ == "__main__":
    main()
