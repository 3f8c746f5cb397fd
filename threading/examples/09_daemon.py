"""Daemon: a background thread does not keep the process alive."""

import itertools
import threading

STEP = threading.Barrier(2)


def work() -> None:
    try:
        for round_ in itertools.count(1):
            print(f"background: round {round_} begins")
            STEP.wait()
            STEP.wait()
            print(f"background: round {round_} ends")
    finally:
        print("background: tidied up")


def main() -> None:
    background = threading.Thread(target=work, daemon=True)
    background.start()
    STEP.wait()  # round 1 has begun
    STEP.wait()  # and may end
    STEP.wait()  # round 2 has begun
    print("main: returns")


if __name__ == "__main__":
    main()
