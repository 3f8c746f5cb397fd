"""Event: a flag that any number of threads can wait for."""

import threading
import time


class WatchedEvent(threading.Event):
    """An event that shows how many wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._counting = threading.Lock()
        self.waiting = 0

    def wait(self, timeout: float | None = None) -> bool:
        if self.is_set():
            return True
        with self._counting:
            self.waiting += 1
        try:
            return super().wait(timeout)
        finally:
            with self._counting:
                self.waiting -= 1


class Race:
    def __init__(self) -> None:
        self.flag = WatchedEvent()
        self.off: list[str] = []

    def run(self, who: str) -> None:
        flag = self.flag
        flag.wait()
        self.off.append(who)
        print(f"{who}: off")

    def start(self, *runners: str) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=self.run, args=(who,)) for who in runners
        ]
        for thread in threads:
            thread.start()
        return threads

    def line_up(self, runners: int) -> None:
        """Returns when each of so many either waits or is off."""
        while True:
            off, waiting = len(self.off), self.flag.waiting
            if off + waiting >= runners:
                print(f"main: {waiting} at the line, {off} off")
                return
            time.sleep(0)


def main() -> None:
    race = Race()
    flag = race.flag
    threads = race.start("ann", "bob", "cid")
    race.line_up(3)
    print("main: go")
    flag.set()
    for thread in threads:
        thread.join()
    print(f"main: the flag stays up: {str(flag.is_set()).lower()}")
    (dan,) = race.start("dan")
    dan.join()
    flag.clear()
    print(f"main: cleared, the flag is up: {str(flag.is_set()).lower()}")
    (eve,) = race.start("eve")
    race.line_up(5)
    print("main: go")
    flag.set()
    eve.join()
    race.line_up(5)


if __name__ == "__main__":
    main()
