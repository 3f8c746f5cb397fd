"""Spawn a struct: a type that owns its thread's data, and a `run` method."""

import threading


class WordCounter(threading.Thread):
    def __init__(self, name: str, text: str, both: threading.Barrier) -> None:
        super().__init__(name=name)
        self.text = text
        self.both = both
        self.words = 0
        self.led = False

    def run(self) -> None:
        name = threading.current_thread().name
        print(f'{name}: counting "{self.text}"')
        self.led = self.both.wait() == 0
        self.words = len(self.text.split())
        print(f"{name}: {self.words} words")


def main() -> None:
    both = threading.Barrier(2)
    counters = [
        WordCounter("first", "the quick brown fox", both),
        WordCounter("second", "jumps over", both),
    ]
    words = sum(counter.words for counter in counters)
    print(f"main: {len(counters)} counters, {words} words counted")

    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
        print(f"main: {counter.name} counted {counter.words}")
    met = sum(counter.led for counter in counters)
    print(f"main: the counters met {met} time")


if __name__ == "__main__":
    main()
