"""Broken barrier: one of the party fails before it arrives."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

LIMIT = 0.05


def run(who: str, arrive: Callable[[], object]) -> None:
    print(f"{who}: arrives")
    try:
        arrive()
    except threading.BrokenBarrierError:
        print(f"{who}: the barrier is broken")
    else:
        print(f"{who}: off")


def lace_shoes(who: str) -> None:
    print(f"{who}: fails on the way")
    raise LookupError("no shoes")


def tell_error(who: str, thread: Future[None]) -> None:
    if error := thread.exception():
        print(f"main: {who}'s error: {error}")
    else:
        print(f"main: {who} has arrived")


def plain() -> None:
    barrier = threading.Barrier(3)  # plain
    steps: queue.SimpleQueue[str] = queue.SimpleQueue()

    def ann() -> None:
        lace_shoes("ann")
        barrier.wait()

    def arrive() -> None:
        steps.put("arrives")
        barrier.wait()
        steps.put("off")

    with ThreadPoolExecutor() as threads:
        tell_error("ann", threads.submit(ann))
    runners = [
        threading.Thread(target=run, args=(who, arrive))
        for who in ("bob", "cid")
    ]
    for runner in runners:
        runner.start()
    for _ in runners:
        steps.get()  # arrives
    try:
        steps.get(timeout=LIMIT)
        off = True
    except queue.Empty:
        off = False
    print(f"main: anybody off within 50 ms: {str(off).lower()}")
    print("main: goes in ann's place")
    barrier.wait()  # main
    for runner in runners:
        runner.join()


def one_fails() -> None:
    barrier = threading.Barrier(3)

    def fay() -> None:
        try:
            lace_shoes("fay")
        except LookupError:
            barrier.abort()
            raise
        barrier.wait()

    runners = [
        threading.Thread(target=run, args=(who, barrier.wait))
        for who in ("dan", "eve")
    ]
    for runner in runners:
        runner.start()
    while barrier.n_waiting < 2:
        time.sleep(0)
    print(f"main: they wait: {barrier.n_waiting}")
    with ThreadPoolExecutor() as threads:
        tell_error("fay", threads.submit(fay))
    for runner in runners:
        runner.join()


def nobody_fails() -> None:
    barrier = threading.Barrier(2)
    gus, hal = (
        threading.Thread(target=run, args=(who, barrier.wait))
        for who in ("gus", "hal")
    )
    gus.start()
    while barrier.n_waiting == 0 and gus.is_alive():
        time.sleep(0)  # until gus waits, or is off
    hal.start()
    for runner in (gus, hal):
        runner.join()


def main() -> None:
    print("main: a plain barrier for 3")
    plain()
    print("main: a barrier that breaks, for 3")
    one_fails()
    print("main: a barrier that breaks, and nobody fails")
    nobody_fails()


if __name__ == "__main__":
    main()
