"""Producer and consumers: a bounded queue that is closed by a sentinel."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

ITEMS = 10
CONSUMERS = 5


def empty_is_not_finished() -> None:
    """The notes' loop, taken apart where it fails."""
    items: queue.Queue[str] = queue.Queue(maxsize=1)
    early = 0
    while not items.empty():
        items.get()
        early += 1
    items.put("comes late")
    print(f"main: an early consumer took {early}, and left {items.qsize()}")

    both_looked = threading.Barrier(2)

    def look_and_take() -> tuple[bool, bool]:
        if items.empty():
            return False, False
        both_looked.wait()
        try:
            # Here `get()` would leave one of the two waiting for ever.
            items.get_nowait()
        except queue.Empty:
            return True, False
        return True, True

    with ThreadPoolExecutor(max_workers=2) as threads:
        futures = [threads.submit(look_and_take) for _ in range(2)]
    looks = [future.result() for future in futures]
    saw, took = (sum(column) for column in zip(*looks, strict=True))
    print(f"main: {saw} late consumers saw the item, {took} took it")


def consume(
    number: int,
    shelf: "queue.Queue[int | None]",
    everyone: threading.Barrier,
    taken: list[int],
) -> None:
    while (item := shelf.get()) is not None:
        print(f"consumer {number}: took {item}")
        if not taken:
            everyone.wait()
        taken.append(item)
    print(f"consumer {number}: closed")


def main() -> None:
    empty_is_not_finished()
    shelf: queue.Queue[int | None] = queue.Queue(maxsize=2)
    made = 0
    try:
        while made < ITEMS:
            shelf.put_nowait(made)
            made += 1
    except queue.Full:
        print(f"main: {made} made, no room for more")
    everyone = threading.Barrier(CONSUMERS)
    taken: list[list[int]] = [[] for _ in range(CONSUMERS)]
    consumers = [
        threading.Thread(target=consume, args=(number, shelf, everyone, own))
        for number, own in enumerate(taken)
    ]
    for consumer in consumers:
        consumer.start()
    while made < ITEMS:
        shelf.put(made)  # blocks while the shelf is full
        made += 1
    print(f"main: {made} made, the channel is about to close")
    for _ in consumers:
        shelf.put(None)
    for consumer in consumers:
        consumer.join()
    good = sum(own == sorted(own) != [] for own in taken)
    print(f"main: {good} consumers took some, each in order")


if __name__ == "__main__":
    main()
