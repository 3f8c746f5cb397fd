"""Check, then act: both withdrawals pass the check, and the balance is -10."""

import threading
from collections.abc import Callable

lock = threading.Lock()
account = 50


def careless(name: str, between: Callable[[], object]) -> None:
    global account
    with lock:
        balance = account
    if balance >= 30:
        print(f"{name}: 30 of {balance} may go")
        between()
        with lock:
            account -= 30
    else:
        print(f"{name}: 30 of {balance} may not go")


def careful(name: str, between: Callable[[], object]) -> None:
    global account
    with lock:
        if account >= 30:
            print(f"{name}: 30 of {account} may go")
            between()
            account -= 30
        else:
            print(f"{name}: 30 of {account} may not go")


def run(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    global account
    print(f"main: careless, the balance is {account}")
    both_checked = threading.Barrier(2)
    run(
        lambda: careless("ann", both_checked.wait),
        lambda: careless("bob", both_checked.wait),
    )
    print(f"main: the balance is {account}")

    account = 50
    print(f"main: careful, the balance is {account}")
    turn = threading.Barrier(2)

    def ann() -> None:
        def bobs_turn() -> None:
            turn.wait()  # he tries to come in between
            turn.wait()

        careful("ann", bobs_turn)

    def bob() -> None:
        turn.wait()
        got_in = lock.acquire(blocking=False)
        print(f"bob: finds the account locked: {str(not got_in).lower()}")
        if got_in:
            lock.release()
        turn.wait()
        careful("bob", lambda: None)

    run(ann, bob)
    print(f"main: the balance is {account}")


if __name__ == "__main__":
    main()
