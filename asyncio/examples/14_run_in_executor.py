"""Blocking calls in a pool: three at once, results as they are completed."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


async def main() -> None:
    loop = asyncio.get_running_loop()
    starts = asyncio.Semaphore(0)

    def started() -> None:
        loop.call_soon_threadsafe(starts.release)

    gates = {n: threading.Event() for n in (1, 2, 3)}
    with ThreadPoolExecutor(max_workers=len(gates)) as pool:
        made_by = await loop.run_in_executor(pool, never_awaits)
        in_pool = str(made_by is not threading.main_thread()).lower()
        print(f"main: a nap was made and dropped, in the pool: {in_pool}")
        await nap()
        print("main: a nap was awaited")

        calls: list[asyncio.Future[int]] = []
        inside = 0
        for n, gate in gates.items():
            calls.append(
                loop.run_in_executor(pool, square, n, started, gate)
            )
            inside += await starts.acquire()
        print(f"main: {inside} calls blocked at once, the loop is free")
        results = asyncio.as_completed(calls)
        for n in (3, 1, 2):
            gates[n].set()
            result = await next(results)
            print(f"main: {n} let go, result {result}")


async def nap() -> None:
    print("nap: begins")
    await asyncio.sleep(0)


def never_awaits() -> threading.Thread:
    nap().close()  # without close: "coroutine 'nap' was never awaited"
    return threading.current_thread()


def square(n: int, started: Callable[[], None], gate: threading.Event) -> int:
    print(f"call {n}: blocked")
    started()
    gate.wait()
    return n * n


if __name__ == "__main__":
    asyncio.run(main())
