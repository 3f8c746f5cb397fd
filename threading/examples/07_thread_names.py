"""Thread names: each thread knows its own name and its own id."""

import os
import sys
import threading

ALIVE = threading.Barrier(4)


def introduce() -> None:
    me = threading.current_thread()
    print(f"{me.name}: id {threading.get_native_id()}")
    ALIVE.wait()
    ALIVE.wait()


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    own = threading.get_native_id()
    print(f"main: id {own}, the process is {os.getpid()}")
    threads = [
        threading.Thread(target=introduce, name=name)
        for name in ("red", "green", "blue")
    ]
    for thread in threads:
        thread.start()
    ALIVE.wait()
    listed = len(os.listdir("/proc/self/task"))
    print(f"main: the kernel lists {listed} threads of this process")
    ALIVE.wait()
    for thread in threads:
        thread.join()
    ended = sum(not thread.is_alive() for thread in threads)
    print(f"main: {ended} threads have ended")


if __name__ == "__main__":
    main()
