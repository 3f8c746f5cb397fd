"""Process as a type: the data, and a `run` that works on it elsewhere."""

import multiprocessing
import os
import sys

context = multiprocessing.get_context("fork")


class Greeter(context.Process):
    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.greetings = 0

    def run(self) -> None:
        for _ in range(2):
            self.greetings += 1
            print(f"{self.name}: greeting {self.greetings}, from {os.getpid()}")


def main() -> None:
    print(f"main: pid {os.getpid()}")
    greeters = [Greeter("ann"), Greeter("bob")]
    for greeter in greeters:
        greeter.start()
    for greeter in greeters:
        greeter.join()
    for greeter in greeters:
        name, greetings = greeter.name, greeter.greetings
        print(f"main: {name} has ended, greetings here: {greetings}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
