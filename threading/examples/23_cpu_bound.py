"""CPU-bound work: two threads take turns, the interpreter has one lock."""

import threading
import time


def sum_squares() -> None:
    total = 0
    for n in range(10_000_000):
        total += n * n
    name = threading.current_thread().name.replace("MainThread", "main")
    print(f"{name}: {total}")


def main() -> None:
    start = time.perf_counter()
    sum_squares()
    alone = time.perf_counter() - start

    start = time.perf_counter()
    threads = [
        threading.Thread(target=sum_squares, name=name)
        for name in ("left", "right")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = time.perf_counter() - start
    print(f"speed-up: {2 * alone / together:.2f}")


if __name__ == "__main__":
    main()
