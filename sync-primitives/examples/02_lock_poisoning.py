"""Lock poisoning: a holder fails; the lock is free again, and marked."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Accounts:
    """Balances that add up to 100, except while they are marked."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.marked = False
        self.balances = [100, 0]


def ann(accounts: Accounts) -> None:
    with accounts.lock:  # ann
        accounts.marked = True
        accounts.balances[0] -= 30
        print("ann: took 30 from the first account")
        if len(accounts.balances) < 3:
            raise LookupError("there is no third account")
        accounts.balances[2] += 30
        accounts.marked = False


def repair(accounts: Accounts) -> None:
    if not accounts.lock.acquire(blocking=False):
        print("main: it is still locked")
        return
    try:
        if not accounts.marked:
            print("main: the lock is free, nothing is marked")
            return
        print("main: the lock is free, the accounts are marked")
        first, second = accounts.balances
        rest = 100 - first
        accounts.balances[1] = rest
        print(f"main: {first} + {second}, repaired to {first} + {rest}")
        accounts.marked = False
    finally:
        accounts.lock.release()


def bob(accounts: Accounts) -> None:
    with accounts.lock:
        if accounts.marked:
            print("bob: the accounts are still marked")
            return
        print("bob: the lock is free, nothing is marked")
        accounts.balances[0] -= 10
        accounts.balances[1] += 10
        first, second = accounts.balances
        print(f"bob: moved 10, {first} + {second}")


def main() -> None:
    accounts = Accounts()
    with ThreadPoolExecutor(max_workers=1) as thread:
        error = thread.submit(ann, accounts).exception()
    if error:
        print(f"main: ann failed: {error}")
    repair(accounts)
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(bob, accounts).result()


if __name__ == "__main__":
    main()
