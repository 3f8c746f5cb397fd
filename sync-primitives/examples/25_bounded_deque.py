"""Bounded deque: a full one drops the oldest item, and nobody waits."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor


def write(
    name: str, latest: deque[tuple[str, int]], round_over: threading.Barrier
) -> int:
    written = 0
    for number in range(1, 101):
        latest.append((name, number))
        written += 1
        round_over.wait()
    return written


def main() -> None:
    names = ("ann", "bob", "cid")
    latest: deque[tuple[str, int]] = deque(maxlen=3)
    print(f"main: {len(names)} writers")
    round_over = threading.Barrier(len(names))
    with ThreadPoolExecutor(max_workers=len(names)) as threads:
        writers = [
            threads.submit(write, name, latest, round_over) for name in names
        ]
        written = sum(writer.result() for writer in writers)
    for name, number in latest:
        print(f"main: kept {name} {number}")
    print(f"main: {written} written, {len(latest)} kept")


if __name__ == "__main__":
    main()
