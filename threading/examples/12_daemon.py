"""Daemon: a background thread does not keep the process alive."""

import itertools
import threading
import time
from collections.abc import Iterable

# Main walks a thread through its rounds.
STEP = threading.Barrier(2)


def work(name: str, rounds: Iterable[int]) -> None:
    try:
        for round_ in rounds:
            print(f"{name}: round {round_} begins")
            STEP.wait()
            STEP.wait()
            print(f"{name}: round {round_} ends")
    finally:
        time.sleep(0.02)  # main waits, if it joins
        print(f"{name}: tidied up")


def start(
    name: str, rounds: Iterable[int], *, daemon: bool
) -> threading.Thread:
    thread = threading.Thread(target=work, args=(name, rounds), daemon=daemon)
    thread.start()
    return thread


def main() -> None:
    helper = start("helper", range(1, 2), daemon=False)
    STEP.wait()
    STEP.wait()
    helper.join()

    background = start("background", itertools.count(1), daemon=True)
    STEP.wait()  # round 1 has begun
    STEP.wait()  # and may end
    STEP.wait()  # round 2 has begun
    print("main: returns")


if __name__ == "__main__":
    main()
