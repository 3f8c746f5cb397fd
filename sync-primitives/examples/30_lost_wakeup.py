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
        self.listening = 0

    def has_mail(self) -> str:
        return str(self.mail).lower()

    def wait(self, timeout: float) -> bool:
        """Waits for the bell, mail or not; the caller holds the lock."""
        self.listening += 1
        try:
            return self.bell.wait(timeout)
        finally:
            self.listening -= 1

    def wait_for_mail(self, timeout: float) -> bool:
        """Waits for the bell until there is mail; the caller holds the lock."""
        while not self.mail:
            if not self.wait(timeout):
                return False
        return True

    def bring_mail(self, who: str) -> None:
        with self.bell:
            self.mail = True
            self.bell.notify()
            wakes = str(self.listening > 0).lower()
            print(f"{who}: brings mail, rings, wakes somebody: {wakes}")

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
            woken = str(box.wait(SHORT)).lower()
            print(f"ann: was woken: {woken}, there is mail: {box.has_mail()}")

    def postman() -> None:
        turn.wait()
        print(f"postman: the lock is free: {box.is_free()}")
        box.bring_mail("postman")
        turn.wait()

    run(ann, postman)


def lock_then_look() -> None:
    box = Mailbox()
    bell = box.bell
    turn = threading.Barrier(2)

    def bob() -> None:
        with bell:  # before the look
            print(f"bob: looks, there is mail: {box.has_mail()}")
            turn.wait()
            turn.wait()  # the courier has tried
            woken = str(box.wait_for_mail(LONG)).lower()
            print(f"bob: was woken: {woken}, there is mail: {box.has_mail()}")

    def courier() -> None:
        turn.wait()
        print(f"courier: the lock is free: {box.is_free()}")
        turn.wait()
        box.bring_mail("courier")  # the lock is free when bob waits

    run(bob, courier)


def main() -> None:
    print("main: looks before it takes the lock")
    look_then_lock()
    print("main: looks under the lock")
    lock_then_look()


if __name__ == "__main__":
    main()
