"""Lazy static value: made by the first that needs it, read by all."""

import functools
import threading
from concurrent.futures import ThreadPoolExecutor

LIMIT = 0.05

lock = threading.Lock()
makers: list[str] = []
comes = threading.Condition()
go_on = threading.Event()


@functools.cache
def make() -> str:
    """Stays here until main has looked."""
    worker = threading.current_thread().name
    print(f"{worker}: makes the settings")
    with comes:
        makers.append(worker)
        comes.notify()
    go_on.wait()
    return f"port {8080}"


def settings() -> str:
    with lock:  # one at a time
        return make()


def work(worker: int, all_here: threading.Barrier) -> int:
    threading.current_thread().name = f"worker {worker}"
    all_here.wait()
    seen = settings()
    print(f"worker {worker}: sees {seen}")
    return id(seen)


def main() -> None:
    print(f"main: made so far: {len(makers)}")
    all_here = threading.Barrier(4)
    with ThreadPoolExecutor(max_workers=4) as pool:
        workers = [pool.submit(work, worker, all_here) for worker in range(4)]
        with comes:
            comes.wait_for(lambda: makers)
            second = bool(comes.wait_for(lambda: len(makers) > 1, LIMIT))
            print(
                f"main: {makers[0]} makes them, "
                f"a second in 50 ms: {str(second).lower()}"
            )
        go_on.set()
        seen = {worker.result() for worker in workers}
    print(f"main: made so far: {len(makers)}")
    print(f"main: one value for all: {str(len(seen) == 1).lower()}")


if __name__ == "__main__":
    main()
