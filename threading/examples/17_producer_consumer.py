"""Producer and consumers: a bounded queue that is closed by a sentinel."""

import queue
import threading

ITEMS = 10


def empty_is_not_finished() -> None:
    """The notes' loop, taken apart where it fails."""
    items: queue.Queue[str] = queue.Queue(maxsize=1)
    early = 0
    while not items.empty():
        items.get()
        early += 1
    items.put("comes late")
    print(f"early: took {early}, left {items.qsize()}")

    both_looked = threading.Barrier(2)
    saw, took = [], []

    def consume() -> None:
        if not items.empty():
            saw.append(1)
            both_looked.wait()
            try:
                # Here `get()` would leave one of the two waiting for ever.
                took.append(items.get_nowait())
            except queue.Empty:
                pass

    consumers = [threading.Thread(target=consume) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join()
    print(f"late: {len(saw)} saw the item, {len(took)} took it")


def consume(number: int, shelf: "queue.Queue[int | None]") -> None:
    while (item := shelf.get()) is not None:
        print(f"consumer {number}: took {item}")
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
        print(f"producer: {made} made, no room for more")
    consumers = [
        threading.Thread(target=consume, args=(number, shelf))
        for number in range(5)
    ]
    for consumer in consumers:
        consumer.start()
    while made < ITEMS:
        shelf.put(made)  # blocks while the shelf is full
        made += 1
    for _ in consumers:
        shelf.put(None)
    for consumer in consumers:
        consumer.join()
    print(f"producer: {made} made, all consumers went home")


if __name__ == "__main__":
    main()
