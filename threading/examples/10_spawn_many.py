"""Spawn many: a join in the starting loop makes it serial."""

import threading
import time

MEETING = threading.Barrier(5)
lock = threading.Lock()
alive = peak = meetings = 0


def enter() -> None:
    global alive, peak
    with lock:
        alive += 1
        peak = max(peak, alive)


def leave() -> None:
    global alive
    with lock:
        alive -= 1


def nap() -> None:
    enter()
    time.sleep(0.02)
    leave()


def meet_and_nap() -> None:
    global meetings
    enter()
    if MEETING.wait() == 0:
        meetings += 1
    time.sleep(0.02)
    leave()


def main() -> None:
    global peak
    print("main: one by one, 5 waits of 20 ms")
    begun = time.monotonic()
    for _ in range(5):
        thread = threading.Thread(target=nap)
        thread.start()
        thread.join()
    took = int((time.monotonic() - begun) * 1000)
    print(f"main: at most {peak} alive, {took} ms in all")

    peak = 0
    print("main: all together, 5 waits of 20 ms")
    begun = time.monotonic()
    threads = [threading.Thread(target=meet_and_nap) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = int((time.monotonic() - begun) * 1000)
    print(
        f"main: at most {peak} alive, {took} ms in all, {meetings} meeting"
    )


if __name__ == "__main__":
    main()
