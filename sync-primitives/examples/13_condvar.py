"""Condition variable: sleep until it is worth looking again."""

import threading
from collections.abc import Callable


class Bakery:
    def __init__(self) -> None:
        lock = threading.Lock()
        self.baked = threading.Condition(lock)
        self.looked = threading.Condition(lock)
        self.bread = 0
        self.waiting = 0
        self.looks = 0
        self.woken = 0

    def buy(self) -> None:
        with self.baked:
            self.looks += 1
            while self.bread == 0:
                self.waiting += 1
                self.looked.notify()
                self.baked.wait()
                self.woken += 1
                self.waiting -= 1
                self.looks += 1
            self.bread -= 1
            self.looked.notify()

    def bake(self, bread: int, notify: Callable[[], None]) -> None:
        with self.baked:
            self.bread += bread
            self.woken = 0
            notify()

    def after_looks(self, looks: int) -> None:
        """Waits until the customers have looked for bread so many times."""
        with self.looked:
            self.looked.wait_for(lambda: self.looks >= looks)


def main() -> None:
    bakery = Bakery()
    bakery.bake(1, bakery.baked.notify_all)
    print(f"main: bakes 1, wakes {bakery.woken}")
    late = threading.Thread(target=bakery.buy)
    late.start()
    late.join()
    print(f"main: a customer comes later, {bakery.bread} left")

    customers = [threading.Thread(target=bakery.buy) for _ in range(3)]
    for customer in customers:
        customer.start()
    bakery.after_looks(4)
    print(f"main: {bakery.waiting} customers wait")
    for bread, notify, looks in (
        (1, bakery.baked.notify, 5),
        (0, bakery.baked.notify_all, 7),
    ):
        bakery.bake(bread, notify)
        bakery.after_looks(looks)
        print(
            f"main: bakes {bread}, wakes {bakery.woken}, "
            f"{bakery.waiting} still wait"
        )
    bakery.bake(2, bakery.baked.notify_all)
    for customer in customers:
        customer.join()
    print(f"main: bakes 2, wakes {bakery.woken}")
    print("main: all have left")


if __name__ == "__main__":
    main()
