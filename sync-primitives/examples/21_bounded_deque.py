"""Bounded deque: what is full forgets the oldest, and nobody waits."""

import threading
from collections import deque

latest: deque[tuple[str, int]] = deque(maxlen=3)
written: deque[str] = deque()
round_over = threading.Barrier(3)


def write(name: str) -> None:
    for number in range(1, 101):
        latest.append((name, number))
        written.append(name)
        round_over.wait()


def main() -> None:
    print("main: 3 writers, 100 rounds, 3 entries are kept")
    writers = [
        threading.Thread(target=write, args=(name,))
        for name in ("ann", "bob", "cid")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for name, number in latest:
        print(f"main: kept {name} {number}")
    print(f"main: {len(written)} written, {len(latest)} kept")


if __name__ == "__main__":
    main()
