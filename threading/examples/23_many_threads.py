"""Many threads: what two thousand blocked ones cost."""

import sys
import threading
import time

THREADS = 2000
STACK = 64 << 10


def status(field: str) -> int:
    """A figure of this process, as the kernel knows it."""
    with open("/proc/self/status") as lines:
        return next(int(x.split()[1]) for x in lines if x.startswith(field))


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    begun = threading.Semaphore(0)
    gate = threading.Event()

    def wait_at_gate() -> None:
        begun.release()
        gate.wait()

    threading.stack_size(STACK)
    reserved, touched = status("VmSize:"), status("VmRSS:")
    start = time.perf_counter()
    threads = [threading.Thread(target=wait_at_gate) for _ in range(THREADS)]
    try:
        for thread in threads:
            thread.start()
        waiting = sum(begun.acquire() for _ in threads)
        each = (time.perf_counter() - start) / waiting
        listed = status("Threads:")
        print(f"main: {waiting} threads have begun, the kernel lists {listed}")
        reserved = (status("VmSize:") - reserved) // waiting
        touched = (status("VmRSS:") - touched) // waiting
        print(f"main: each reserves {reserved} KiB, has touched {touched} KiB")
        print(f"main: each took {each * 1e6:.1f} us to start")
    finally:
        gate.set()
    for thread in threads:
        thread.join()
    ended = sum(not thread.is_alive() for thread in threads)
    print(f"main: {ended} have ended")


if __name__ == "__main__":
    main()
