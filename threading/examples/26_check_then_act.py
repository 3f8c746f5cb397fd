"""Check, then act: both withdrawals pass the check, and the balance is -10."""

import threading
from collections.abc import Callable

AMOUNT = 30


class Account:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.balance = 50


def careless(
    name: str, account: Account, between: Callable[[], object]
) -> None:
    with account.lock:
        balance = account.balance
    if balance >= AMOUNT:
        print(f"{name}: {AMOUNT} of {balance} may go")
        between()
        with account.lock:
            account.balance -= AMOUNT  # careless
    else:
        print(f"{name}: {AMOUNT} of {balance} may not go")


def careful(name: str, account: Account, between: Callable[[], object]) -> None:
    with account.lock:  # careful
        if account.balance >= AMOUNT:
            print(f"{name}: {AMOUNT} of {account.balance} may go")
            between()
            account.balance -= AMOUNT
        else:
            print(f"{name}: {AMOUNT} of {account.balance} may not go")


def run(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    account = Account()
    print(f"main: careless, the balance is {account.balance}")
    both_checked = threading.Barrier(2)
    run(
        lambda: careless("ann", account, both_checked.wait),
        lambda: careless("bob", account, both_checked.wait),
    )
    print(f"main: the balance is {account.balance}")
    run(lambda: careless("eve", account, lambda: None))

    shared = Account()
    print(f"main: careful, the balance is {shared.balance}")
    turn = threading.Barrier(2)

    def cid() -> None:
        def dans_turn() -> None:
            turn.wait()  # he tries to come in between
            turn.wait()

        careful("cid", shared, dans_turn)

    def dan() -> None:
        turn.wait()
        got_in = shared.lock.acquire(blocking=False)
        print(f"dan: finds the account locked: {str(not got_in).lower()}")
        if got_in:
            shared.lock.release()
        turn.wait()
        careful("dan", shared, lambda: None)

    run(cid, dan)
    print(f"main: the balance is {shared.balance}")


if __name__ == "__main__":
    main()
