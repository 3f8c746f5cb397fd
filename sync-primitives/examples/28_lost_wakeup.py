"""Lost wake-up: looked, was told, then waited."""

import threading
from collections.abc import Callable

SHORT = 0.02
LONG = 8.0


class Mailbox:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.bell = threading.Condition(self.lock)
        self.mail = False

    def has_mail(self) -> str:
        return str(self.mail).lower()

    def is_free(self) -> str:
        return str(not self.lock.locked()).lower()


def run(*tasks: Callable[[], None]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look_then_lock() -> None:
    box = Mailbox()
    bell = box.bell
    turn = threading.Barrier(2)

    def ann() -> None:
        print(f"ann: looks, there is mail: {box.has_mail()}")
        turn.wait()  # the postman's turn
        turn.wait()
        with bell:
            woken = str(bell.wait(SHORT)).lower()
            print(f"ann: was woken: {woken}, there is mail: {box.has_mail()}")

    def postman() -> None:
        turn.wait()
        print(f"postman: the lock is free: {box.is_free()}")
        with bell:
            box.mail = True
            print("postman: brings mail, rings")
            bell.notify()
        turn.wait()

    run(ann, postman)


def lock_then_look() -> None:
    box = Mailbox()
    bell = box.bell
    turn = threading.Barrier(2)

    def ann() -> None:
        with bell:  # before the look
            print(f"ann: looks, there is mail: {box.has_mail()}")
            turn.wait()
            turn.wait()  # the postman has tried
            woken = str(bell.wait_for(lambda: box.mail, LONG)).lower()
            print(f"ann: was woken: {woken}, there is mail: {box.has_mail()}")

    def postman() -> None:
        turn.wait()
        print(f"postman: the lock is free: {box.is_free()}")
        turn.wait()
        with bell:  # free when ann waits
            box.mail = True
            print("postman: brings mail, rings")
            bell.notify()

    run(ann, postman)


def main() -> None:
    print("main: looks before it takes the lock")
    look_then_lock()
    print("main: looks under the lock")
    lock_then_look()


if __name__ == "__main__":
    main()
