"""Wrong waiter: `notify` wakes the one that cannot go on."""

import threading
import time
from collections.abc import Callable


class Shelf:
    """Has room for one item."""

    def __init__(self, *, one_bell: bool) -> None:
        lock = threading.Lock()
        self.has_item = threading.Condition(lock)
        self.has_room = self.has_item if one_bell else threading.Condition(lock)
        self.item: int | None = None
        self.waiting = 0
        self.waits = 0
        self.taken = 0

    def consume(self, consumer: int) -> None:
        with self.has_item:
            while self.item is None:
                print(f"consumer {consumer}: finds nothing, waits")
                self._wait(self.has_item)
            print(f"consumer {consumer}: takes item {self.item}")
            self.item = None
            self.taken += 1
            self.has_room.notify()

    def produce(self, producer: int) -> None:
        with self.has_room:
            for number in (1, 2):
                while self.item is not None:
                    print(f"producer {producer}: finds no room, waits")
                    self._wait(self.has_room)
                print(f"producer {producer}: puts item {number}")
                self.item = number
                self.has_item.notify()

    def _wait(self, bell: threading.Condition) -> None:
        self.waits += 1
        self.waiting += 1
        bell.wait()
        self.waiting -= 1

    def tell(self) -> bool:
        """Says how many wait; returns whether any do."""
        with self.has_item:
            empty = str(self.item is None).lower()
            print(f"main: {self.waiting} wait, the shelf is empty: {empty}")
            return self.waiting > 0

    def ring_once_more(self) -> None:
        with self.has_room:
            print("main: rings once more")
            self.has_room.notify()  # the producer has waited longest now

    def when(self, so: Callable[["Shelf"], bool]) -> None:
        """Returns when something is so."""
        while True:
            with self.has_item:
                if so(self):
                    return
            time.sleep(0)


def sell(consumers: tuple[int, int], producer: int, shelf: Shelf) -> None:
    threads = []
    for waits, consumer in enumerate(consumers, 1):
        threads.append(threading.Thread(target=shelf.consume, args=(consumer,)))
        threads[-1].start()
        shelf.when(lambda shelf: shelf.waits == waits)
    shelf.tell()
    threads.append(threading.Thread(target=shelf.produce, args=(producer,)))
    threads[-1].start()
    # All is taken, or nobody can go on.
    shelf.when(lambda s: s.taken == 2 or s.waits == 4)
    if shelf.tell():
        shelf.ring_once_more()
    for thread in threads:
        thread.join()


def main() -> None:
    print("main: one condition variable for both")
    sell((1, 2), 1, Shelf(one_bell=True))
    print("main: a condition variable for each")
    sell((3, 4), 2, Shelf(one_bell=False))


if __name__ == "__main__":
    main()
