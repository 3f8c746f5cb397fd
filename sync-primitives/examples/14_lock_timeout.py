"""Lock timeout: wait for a lock, but not forever."""

import threading
import time

SHORT = 0.02
LONG = 8.0


def wait_for(printer: threading.Lock, patience: float) -> None:
    print(f"bob: waits for up to {patience * 1000:.0f} ms")
    asked = time.perf_counter()
    if printer.acquire(timeout=patience):
        print("bob: has the printer")
        printer.release()
    else:
        waited = (time.perf_counter() - asked) * 1000
        print(f"bob: gave up after {int(waited)} ms")


def main() -> None:
    printer = threading.Lock()
    gave_up = threading.Barrier(2)

    def bob() -> None:
        wait_for(printer, SHORT)
        gave_up.wait()
        wait_for(printer, LONG)

    printer.acquire()  # main
    print("main: has the printer")
    thread = threading.Thread(target=bob)
    thread.start()
    gave_up.wait()
    print("main: gives the printer back")
    printer.release()  # main
    thread.join()
    free = str(not printer.locked()).lower()
    print(f"main: bob has gone, the printer is free: {free}")


if __name__ == "__main__":
    main()
