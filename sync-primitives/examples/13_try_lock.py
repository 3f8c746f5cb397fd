"""Try lock: take it if it is free, or else do something else."""

import threading


class Deposit:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.lock = threading.Lock()


def something_else_meanwhile() -> None:
    deposit = Deposit(100)
    turn = threading.Barrier(2)

    def ask() -> None:
        if not deposit.lock.acquire(blocking=False):
            print("bob: Resource is busy, does the dishes")
            return
        try:
            deposit.balance += 10
            print(f"bob: adds 10, {deposit.balance}")
        finally:
            deposit.lock.release()

    def work() -> None:
        ask()
        turn.wait()  # main's turn
        turn.wait()
        ask()

    deposit.lock.acquire()  # main
    print("main: holds the deposit")
    bob = threading.Thread(target=work)
    bob.start()
    turn.wait()
    print("main: lets go")
    deposit.lock.release()  # main
    turn.wait()
    bob.join()


def ignoring_the_answer() -> None:
    lock = threading.Lock()

    def enter() -> None:
        if not lock.acquire(blocking=False):
            print("eve: Resource is busy")
        print("eve: inside all the same")
        lock.release()
        print("eve: released it")

    lock.acquire()
    print("main: inside")
    eve = threading.Thread(target=enter)
    eve.start()
    eve.join()
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
