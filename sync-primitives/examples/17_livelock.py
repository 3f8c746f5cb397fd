"""Livelock: both give way, again and again, and nobody gets through."""

import random
import threading
from collections.abc import Callable


class Corridor:
    """Two threads need both locks, once each, and have so many rounds."""

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
        rounds = tried = through = 0
        while rounds < self.rounds and len(self.served) < 2:
            rounds += 1
            goes = through == 0 and self.tries()
            held = goes and first.acquire(blocking=False)
            self.in_step.wait()  # both hold their first lock, or sit this out
            if held:
                tried += 1
                if second.acquire(blocking=False):
                    second.release()
                    through += 1
                    self.served.append(who)
            self.in_step.wait()  # both have tried; now they give way
            if held:
                first.release()
            self.in_step.wait()
        print(
            f"{who}: tried in {tried} of {rounds} rounds, "
            f"got through: {through}"
        )

    def meet(self, first: str, second: str) -> int:
        threads = [
            threading.Thread(target=self.walk, args=args)
            for args in (
                (first, self.left, self.right),
                (second, self.right, self.left),
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(self.served)


def main() -> None:
    print("main: both polite, 10 rounds")
    Corridor(10, lambda: True).meet("ann", "bob")
    print("main: both toss a coin first")
    corridor = Corridor(1000, lambda: random.getrandbits(1) == 0)
    served = corridor.meet("cid", "dan")
    print(f"main: got through in all: {served}")


if __name__ == "__main__":
    main()
