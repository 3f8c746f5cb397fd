"""Spawn: a thread runs while the main thread goes on; `join` waits for it."""

import threading

MEETING = threading.Barrier(3)


def work() -> None:
    name = threading.current_thread().name
    print(f"{name}: started")
    MEETING.wait()
    MEETING.wait()
    total = sum(range(1, 1_000_001))
    print(f"{name}: finished, the sum is {total}")


def main() -> None:
    print("main: starting two threads")
    threads = [
        threading.Thread(target=work, name=name)
        for name in ("reader", "writer")
    ]
    for thread in threads:
        thread.start()
    MEETING.wait()
    print("main: still here, with both of them")
    MEETING.wait()
    for thread in threads:
        thread.join()
    print("main: both have ended")


if __name__ == "__main__":
    main()
