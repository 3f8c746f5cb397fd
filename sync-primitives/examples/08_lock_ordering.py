"""Lock ordering: one order for all locks, and no deadlock."""

import threading


class Account:
    def __init__(self, number: int, balance: int) -> None:
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


both_have_asked = threading.Barrier(2)


def transfer(who: str, amount: int, source: Account, target: Account) -> None:
    low, high = sorted((source, target), key=lambda account: account.number)
    at_once = low.lock.acquire(blocking=False)
    answer = "has" if at_once else "waits for"
    print(f"{who}: {answer} account {low.number}")
    both_have_asked.wait()
    if not at_once:
        low.lock.acquire()
        print(f"{who}: has account {low.number}")
    if high.lock.acquire(blocking=False):
        print(f"{who}: has account {high.number}")
        source.balance -= amount
        target.balance += amount
        high.lock.release()
    else:
        print(f"{who}: would wait for account {high.number}")
    low.lock.release()


def main() -> None:
    print("main: 100 on each account")
    one, two = Account(1, 100), Account(2, 100)
    threads = [
        threading.Thread(target=transfer, args=("ann", 30, one, two)),
        threading.Thread(target=transfer, args=("bob", 10, two, one)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"main: {one.balance} and {two.balance}")


if __name__ == "__main__":
    main()
