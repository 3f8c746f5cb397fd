"""Scoped threads: they borrow the caller's data and cannot outlive it."""

import threading
from concurrent.futures import ThreadPoolExecutor


def sort(
    name: str, scores: list[int], half: slice, gate: threading.Barrier
) -> None:
    print(f"{name}: has {len(scores[half])} of them")
    gate.wait()
    scores[half] = sorted(scores[half])
    print(f"{name}: sorted")


def main() -> None:
    scores = [31, 5, 12, 44, 2, 27]
    print(f"main: scores {scores}")

    gate = threading.Barrier(3)
    with ThreadPoolExecutor(max_workers=2) as threads:
        left = threads.submit(sort, "left", scores, slice(0, 3), gate)
        right = threads.submit(sort, "right", scores, slice(3, 6), gate)
        print("main: at the end of the scope, both are still busy")
        gate.wait()
    for future in (left, right):
        future.result()  # raises what the thread raised
    print(f"main: after the scope {scores}")


if __name__ == "__main__":
    main()
