"""Speed-up limit: five threads are less than five times as fast."""

import threading
import time

SERIAL = 20
PARALLEL = 80


class Chain:
    """Steps of which each had to wait for the one before it."""

    def __init__(self, length: int = 0) -> None:
        self.length = length

    def step(self, seed: int) -> int:
        """One step of work, the next one of its chain."""
        state = seed
        for _ in range(2_000):
            state = state * 0x2C1B_3C6D + 1 & 0xFFFF_FFFF
            state ^= state >> 15
        self.length += 1
        return state


class Part(threading.Thread):
    def __init__(self, share: range, seed: int, chain: Chain) -> None:
        super().__init__()
        self.share = share
        self.seed = seed
        self.chain = chain
        self.found = 0

    def run(self) -> None:
        for nth in self.share:
            self.found += self.chain.step(self.seed ^ nth)


def run(threads: int) -> tuple[int, float]:
    start = time.perf_counter()
    chain = Chain()
    seed = 1
    for _ in range(SERIAL):
        seed = chain.step(seed)
    answer = 0
    parts = []
    for first in range(threads):
        share = range(first, PARALLEL, threads)
        part = Part(share, seed, Chain(chain.length))
        part.start()
        parts.append(part)
    for part in parts:
        part.join()
        answer += part.found
        chain.length = max(chain.length, part.chain.length)
    elapsed = time.perf_counter() - start
    print(
        f"main: threads {threads}, longest chain {chain.length}, "
        f"answer {answer}"
    )
    return chain.length, elapsed


def main() -> None:
    total, alone = run(1)
    for threads in (5, 80):
        _, together = run(threads)
        serial = SERIAL / total
        limit = 1 / (serial + (1 - serial) / threads)
        print(
            f"main: at most {limit:.2f} times as fast, "
            f"measured {alone / together:.2f}"
        )


if __name__ == "__main__":
    main()
