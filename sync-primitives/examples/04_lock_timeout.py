"""Lock timeout: wait for a lock, but not for ever."""

import threading
import time

PATIENCE = 0.02

printer = threading.Lock()
gave_up = threading.Event()
let_go = threading.Event()


def bob() -> None:
    asked = time.perf_counter()
    if printer.acquire(timeout=PATIENCE):
        print("bob: has the printer at once")
        printer.release()
    else:
        waited = (time.perf_counter() - asked) * 1000
        print(f"bob: gave up after {int(waited)} ms")
    gave_up.set()
    let_go.wait()
    if printer.acquire(timeout=PATIENCE):
        print("bob: has the printer")
        printer.release()
    else:
        print("bob: gave up again")


def main() -> None:
    thread = threading.Thread(target=bob)
    with printer:
        print("main: has the printer")
        thread.start()
        gave_up.wait()
        print("main: done with the printer")
    let_go.set()
    thread.join()


if __name__ == "__main__":
    main()
