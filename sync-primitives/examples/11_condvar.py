"""Condition variable: sleep until it is worth looking again."""

import threading
import time
from collections.abc import Callable


class Shop:
    def __init__(self) -> None:
        self.baked = threading.Condition()
        self.bread = 0
        self.waiting = 0

    def buy(self, who: str) -> None:
        with self.baked:
            waits = self.bread == 0
            self.waiting = int(waits)
            self.baked.wait_for(lambda: self.bread > 0)
            waited = str(waits).lower()
            print(f"{who}: takes {self.bread}, has waited: {waited}")
            self.bread -= 1

    def bake(self, told: str) -> None:
        with self.baked:
            self.bread += 1
            print(f"main: bakes {self.bread}, {told}")
            self.baked.notify()

    def somebody_waits(self) -> bool:
        with self.baked:
            return self.waiting > 0


class Bakery:
    """A shop that counts the looks, and who was woken."""

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

    def bake(self, bread: int, looks: int, notify: Callable[[], None]) -> None:
        with self.baked:
            self.bread += bread
            self.woken = 0
            notify()
            self.after_looks(looks)
            print(
                f"main: bakes {bread}, wakes {self.woken}; "
                f"now {self.waiting} wait, {self.bread} left"
            )

    def after_looks(self, looks: int) -> None:
        """Waits until the customers have looked for bread so many times."""
        self.looked.wait_for(lambda: self.looks >= looks)


def normal_use() -> None:
    shop = Shop()
    shop.bake("nobody waits")
    ann = threading.Thread(target=shop.buy, args=("ann",))
    ann.start()
    ann.join()
    bob = threading.Thread(target=shop.buy, args=("bob",))
    bob.start()
    while not shop.somebody_waits():
        time.sleep(0)
    shop.bake("bob waits")
    bob.join()


def who_is_woken() -> None:
    bakery = Bakery()
    customers = [threading.Thread(target=bakery.buy) for _ in range(3)]
    for customer in customers:
        customer.start()
    with bakery.looked:
        bakery.after_looks(3)
        print(f"main: {bakery.waiting} customers wait")
    bakery.bake(1, 4, bakery.baked.notify)
    bakery.bake(0, 6, bakery.baked.notify_all)
    bakery.bake(2, 8, bakery.baked.notify_all)
    bakery.bake(1, 8, bakery.baked.notify_all)
    for customer in customers:
        customer.join()


def main() -> None:
    normal_use()
    who_is_woken()


if __name__ == "__main__":
    main()
