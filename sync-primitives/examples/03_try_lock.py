"""Try lock: take it if it is free, or else do something else."""

import threading
from collections.abc import Callable


class Deposit:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.lock = threading.Lock()


def run(task: Callable[[], None]) -> None:
    thread = threading.Thread(target=task)
    thread.start()
    thread.join()


def something_else_meanwhile() -> None:
    deposit = Deposit(100)

    def bob() -> None:
        if not deposit.lock.acquire(blocking=False):
            print("bob: Resource is busy, does the dishes")
            return
        try:
            deposit.balance += 10
            print(f"bob: adds 10, {deposit.balance}")
        finally:
            deposit.lock.release()

    deposit.lock.acquire()  # main
    print("main: holds the deposit")
    run(bob)
    print("main: lets go")
    deposit.lock.release()  # main
    run(bob)


def ignoring_the_answer() -> None:
    lock = threading.Lock()

    def bob() -> None:
        if not lock.acquire(blocking=False):
            print("bob: Resource is busy")
        print("bob: inside all the same")
        lock.release()
        print("bob: released it")

    lock.acquire()
    print("main: inside")
    run(bob)
    free = lock.acquire(blocking=False)
    print(f"main: still inside, and the lock is free: {str(free).lower()}")
    if free:
        lock.release()
        try:
            lock.release()
            refused = False
        except RuntimeError:
            refused = True
        print(f"main: its own release is refused: {str(refused).lower()}")


def main() -> None:
    something_else_meanwhile()
    print("main: ignoring the answer")
    ignoring_the_answer()


if __name__ == "__main__":
    main()
