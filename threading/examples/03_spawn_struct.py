"""Spawn a struct: a type that owns its thread's data, and a `run` method."""

import threading


class WordCounter(threading.Thread):
    def __init__(self, name: str, text: str) -> None:
        super().__init__(name=name)
        self.text = text
        self.words = 0

    def run(self) -> None:
        name = threading.current_thread().name
        print(f'{name}: counting "{self.text}"')
        self.words = len(self.text.split())
        print(f"{name}: {self.words} words")


def main() -> None:
    counters = [
        WordCounter("first", "the quick brown fox"),
        WordCounter("second", "jumps over"),
    ]
    words = sum(counter.words for counter in counters)
    print(f"main: {len(counters)} counters, {words} words counted")

    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
        print(f"main: {counter.name} counted {counter.words}")


if __name__ == "__main__":
    main()
