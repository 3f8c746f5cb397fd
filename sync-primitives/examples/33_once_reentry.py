"""Once, reentered: an initialiser that asks for its own value."""

import queue
import threading
from collections.abc import Callable

SHORT = 0.05
LONG = 8.0


class Once:
    """A value that the first caller makes and all share."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.value: str | None = None

    def get_or_make(self, make: Callable[[], str]) -> str:
        if self.value is None:
            with self.lock:
                if self.value is None:
                    self.value = make()
        return self.value


def never() -> str:
    raise RuntimeError("main makes the value")


def log(number: int, settings: str) -> None:
    print(f"helper {number}: logs to {settings}")


def answers_in_time(answered: queue.SimpleQueue[None], limit: float) -> bool:
    try:
        answered.get(timeout=limit)
    except queue.Empty:
        return False
    return True


def ask_the_cell() -> None:
    cell = Once()
    answered: queue.SimpleQueue[None] = queue.SimpleQueue()

    def ask() -> None:
        log(1, cell.get_or_make(never))
        answered.put(None)

    helper = threading.Thread(target=ask)

    def make() -> str:
        print("main: makes the settings, the helper asks the cell")
        helper.start()
        in_time = str(answers_in_time(answered, SHORT)).lower()
        print(f"main: the helper has answered in time: {in_time}")
        has_value = str(cell.value is not None).lower()
        print(f"main: the cell has a value: {has_value}")
        return "port 8080"

    settings = cell.get_or_make(make)
    helper.join()
    print(f"main: the settings are {settings}")


def tell_the_helper() -> None:
    cell = Once()
    answered: queue.SimpleQueue[None] = queue.SimpleQueue()
    helpers = []

    def use(settings: str) -> None:
        log(2, settings)
        answered.put(None)

    def make() -> str:
        print("main: makes the settings, the helper is told")
        settings = "port 8080"
        helper = threading.Thread(target=use, args=(settings,))
        helpers.append(helper)
        helper.start()
        in_time = str(answers_in_time(answered, LONG)).lower()
        print(f"main: the helper has answered in time: {in_time}")
        return settings

    settings = cell.get_or_make(make)
    for helper in helpers:
        helper.join()
    print(f"main: the settings are {settings}")


def main() -> None:
    ask_the_cell()
    tell_the_helper()


if __name__ == "__main__":
    main()
