"""Cache stampede: all miss one key at once, and all compute it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

THREADS = 4


def compute(computed: list[int]) -> int:
    computed.append(1)
    return 42


Get = Callable[[threading.Barrier, list[int]], tuple[bool, int]]


def run(name: str, get: Get) -> None:
    """Has four threads ask for one key at the same time."""
    all_looked = threading.Barrier(THREADS)
    computed: list[int] = []
    with ThreadPoolExecutor(THREADS) as threads:
        futures = [
            threads.submit(get, all_looked, computed) for _ in range(THREADS)
        ]
    got = [future.result() for future in futures]
    missed = sum(missed for missed, _ in got)
    values = " ".join(str(value) for _, value in got)
    print(
        f"main: {name}: {len(got)} looked, {missed} missed, "
        f"{len(computed)} computed, got {values}"
    )


def main() -> None:
    lock = threading.Lock()
    cache: dict[str, int] = {}

    def look_and_store(
        all_looked: threading.Barrier, computed: list[int]
    ) -> tuple[bool, int]:
        with lock:
            found = cache.get("key")
        all_looked.wait()
        if found is not None:
            return False, found
        value = compute(computed)
        with lock:
            cache["key"] = value
        return True, value

    run("look, compute, store", look_and_store)

    cells: dict[str, Future[int]] = {}

    def look_for_cell(
        all_looked: threading.Barrier, computed: list[int]
    ) -> tuple[bool, int]:
        with lock:
            is_first = "key" not in cells
            cell = cells.setdefault("key", Future())
        missed = not cell.done()
        all_looked.wait()
        if is_first:
            try:
                cell.set_result(compute(computed))
            except BaseException as error:
                cell.set_exception(error)
                raise
        return missed, cell.result()

    run("a cell for each key", look_for_cell)


if __name__ == "__main__":
    main()
