"""Spawn many: a join in the starting loop makes it serial."""

import threading
import time

THREADS = 5
WAIT = 0.02


class Crowd:
    """How many were alive at most, and how often they met."""

    def __init__(self, parties: int) -> None:
        self.meeting = threading.Barrier(parties, self.count)
        self.peak = self.meetings = 0

    def count(self) -> None:
        """Called by one of them at each meeting, while the others wait."""
        self.peak = max(self.peak, threading.active_count() - 1)
        self.meetings += 1

    def nap(self) -> None:
        self.meeting.wait()
        time.sleep(WAIT)

    def report(self, begun: float) -> None:
        took = int((time.perf_counter() - begun) * 1000)
        print(
            f"main: at most {self.peak} alive, {took} ms in all, "
            f"meetings {self.meetings}"
        )


def main() -> None:
    print(f"main: one by one, {THREADS} waits of {WAIT * 1000:.0f} ms")
    crowd = Crowd(1)
    begun = time.perf_counter()
    for _ in range(THREADS):
        one = threading.Thread(target=crowd.nap)
        one.start()
        one.join()
    crowd.report(begun)

    print(f"main: all together, {THREADS} waits of {WAIT * 1000:.0f} ms")
    crowd = Crowd(THREADS)
    begun = time.perf_counter()
    threads = [threading.Thread(target=crowd.nap) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    crowd.report(begun)


if __name__ == "__main__":
    main()
