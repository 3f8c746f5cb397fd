"""Lock ordering: a single order for all locks prevents deadlock."""

import threading


class Account:
    def __init__(self, number: int, balance: int) -> None:
        self.number = number
        self.balance = balance
        self.times_locked = 0
        self._lock = threading.Lock()

    def acquire(self, *, blocking: bool = True) -> bool:
        taken = self._lock.acquire(blocking)
        if taken:
            self.times_locked += 1
        return taken

    def release(self) -> None:
        self._lock.release()


def transfer(
    who: str,
    amount: int,
    source: Account,
    target: Account,
    both_have_asked: threading.Barrier,
) -> None:
    low, high = sorted((source, target), key=lambda account: account.number)
    at_once = low.acquire(blocking=False)
    answer = "has" if at_once else "waits for"
    print(f"{who}: {answer} account {low.number}")
    both_have_asked.wait()
    if not at_once:
        low.acquire()
        print(f"{who}: has account {low.number}")
    try:
        if not high.acquire(blocking=False):
            print(f"{who}: would wait for account {high.number}")
            return
        try:
            print(f"{who}: has account {high.number}")
            source.balance -= amount
            target.balance += amount
        finally:
            high.release()
    finally:
        low.release()


def main() -> None:
    print("main: 100 on each account")
    one, two = Account(1, 100), Account(2, 100)
    both_have_asked = threading.Barrier(2)
    threads = [
        threading.Thread(target=transfer, args=(*task, both_have_asked))
        for task in (("ann", 30, one, two), ("bob", 10, two, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for account in (one, two):
        print(
            f"main: account {account.number} has {account.balance}, "
            f"was locked {account.times_locked} times"
        )


if __name__ == "__main__":
    main()
