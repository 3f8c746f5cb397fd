"""Livelock: both give way, again and again, and nobody gets through."""

import random
import threading
from collections.abc import Callable


class Corridor:
    """Two threads need both locks, once each."""

    def __init__(self, rounds: int, tries: Callable[[], bool]) -> None:
        self.rounds = rounds
        self.tries = tries
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.in_step = threading.Barrier(2)
        self.served: list[str] = []

    def walk(
        self, who: str, first: threading.Lock, second: threading.Lock
    ) -> None:
        tried = through = 0
        for _ in range(self.rounds):
            goes = through == 0 and self.tries()
            held = goes and first.acquire(blocking=False)
            self.in_step.wait()
            if held:
                tried += 1
                if second.acquire(blocking=False):
                    second.release()
                    through += 1
                    self.served.append(who)
            self.in_step.wait()
            if held:
                first.release()
            if len(self.served) == 2:
                break
        print(f"{who}: tried {tried} times, got through: {through}")

    def meet(self) -> None:
        threads = [
            threading.Thread(target=self.walk, args=args)
            for args in (
                ("ann", self.left, self.right),
                ("bob", self.right, self.left),
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main() -> None:
    print("main: both polite, 10 rounds")
    Corridor(10, lambda: True).meet()
    print("main: both toss a coin first")
    Corridor(1000, lambda: random.getrandbits(1) == 0).meet()


if __name__ == "__main__":
    main()
