"""Once: many threads come, one initialises, all see the value."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

LIMIT = 0.05


class Once:
    """A value that the first caller makes and all share."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.value: str | None = None

    def get_or_make(self, make: Callable[[], str]) -> str:
        if self.value is None:
            with self.lock:
                if self.value is None:  # still
                    self.value = make()
        return self.value


def main() -> None:
    print("main: 8 workers want the settings")
    settings = Once()
    all_here = threading.Barrier(8)
    begun: queue.SimpleQueue[int] = queue.SimpleQueue()
    go_on = threading.Event()

    def read(worker: int) -> str:
        print(f"worker {worker}: reads the file")
        begun.put(worker)
        go_on.wait()
        return f"port {8080}"

    def work(worker: int) -> int:
        all_here.wait()
        seen = settings.get_or_make(lambda: read(worker))
        print(f"worker {worker}: sees {seen}")
        return id(seen)

    with ThreadPoolExecutor(max_workers=8) as pool:
        workers = [pool.submit(work, worker) for worker in range(8)]
        first = begun.get()
        try:
            begun.get(timeout=LIMIT)
            second = True
        except queue.Empty:
            second = False
        if settings.value is None:
            print(
                f"main: worker {first} reads, "
                f"a second in 50 ms: {str(second).lower()}"
            )
        else:
            print(f"main: sees {settings.value}")
        go_on.set()
        seen = {worker.result() for worker in workers}
    same = str(len(seen) == 1).lower()
    print(f"main: all see the same value: {same}")


if __name__ == "__main__":
    main()
