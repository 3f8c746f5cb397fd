"""Lock ordering: a single order for all locks prevents deadlock."""

import threading


class Account:
    def __init__(self, number: int, balance: int) -> None:
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


def transfer(
    who: str,
    amount: int,
    source: Account,
    target: Account,
    both_have_asked: threading.Barrier,
) -> None:
    low, high = sorted((source, target), key=lambda account: account.number)
    at_once = low.lock.acquire(blocking=False)
    answer = "has" if at_once else "waits for"
    print(f"{who}: {answer} account {low.number}")
    both_have_asked.wait()
    if not at_once:
        low.lock.acquire()
        print(f"{who}: has account {low.number}")
    try:
        if not high.lock.acquire(blocking=False):
            print(f"{who}: would wait for account {high.number}")
            return
        try:
            print(f"{who}: has account {high.number}")
            source.balance -= amount
            target.balance += amount
        finally:
            high.lock.release()
    finally:
        low.lock.release()


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
    print(f"main: {one.balance} and {two.balance}")


if __name__ == "__main__":
    main()
