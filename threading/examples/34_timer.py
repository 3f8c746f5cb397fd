"""Timer: run something later, and call it off before it fires."""

import threading
import time

EARLY = 0.02
LATE = 60


class Fired:
    """What a timer calls."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.start = time.perf_counter()
        self.fired = False

    def __call__(self) -> None:
        passed = int((time.perf_counter() - self.start) * 1000)
        print(f"{self.name}: fires after {passed} ms")
        self.fired = True


def main() -> None:
    print(f"main: starts a timer of {EARLY * 1000:.0f} ms")
    work = Fired("early")
    early = threading.Timer(EARLY, work)
    early.start()
    early.join()
    early.cancel()
    fired = str(work.fired).lower()
    print(f"main: called off too late, it has fired: {fired}")

    work = Fired("late")
    late = threading.Timer(LATE, work)
    late.start()
    late.cancel()
    late.join()
    fired = str(work.fired).lower()
    print(
        f"main: one of {LATE * 1000:.0f} ms called off, it has fired: {fired}"
    )


if __name__ == "__main__":
    main()
