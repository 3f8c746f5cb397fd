"""Blocking calls in a pool: three at once, results as they are completed."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def never_awaits() -> int:
    """The notes' mistake: the sleep is made and thrown away."""
    begun = []

    async def nap() -> None:
        begun.append(1)
        await asyncio.sleep(0.02)

    nap().close()  # without close: "coroutine 'nap' was never awaited"
    return len(begun)


def square(n: int, started, gate: threading.Event) -> int:
    print(f"call {n}: blocked")
    started()
    gate.wait()
    return n * n


async def main() -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=3) as pool:
        begun = await loop.run_in_executor(pool, never_awaits)
        print(f"main: sleep not awaited, sleeps begun: {begun}")

        starts = asyncio.Semaphore(0)

        def started() -> None:
            loop.call_soon_threadsafe(starts.release)

        gates = {n: threading.Event() for n in (1, 2, 3)}
        calls = [
            loop.run_in_executor(pool, square, n, started, gate)
            for n, gate in gates.items()
        ]
        for _ in calls:
            await starts.acquire()
        print("main: 3 calls blocked at once, the loop is free")
        results = asyncio.as_completed(calls)
        for n in (3, 1, 2):
            gates[n].set()
            result = await next(results)
            print(f"main: {n} let go, result {result}")


if __name__ == "__main__":
    asyncio.run(main())
