"""Process as a type: the data, and a `run` that works on it elsewhere."""

import multiprocessing
import os
from multiprocessing.synchronize import Barrier

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")


class Greeter(context.Process):
    def __init__(self, name: str, all_here: Barrier) -> None:
        super().__init__(name=name, daemon=True)
        self.all_here = all_here
        self.greetings = 0

    def run(self) -> None:
        self.greetings += 1
        print(f"{self.name}: greeting {self.greetings}, from {os.getpid()}")
        self.all_here.wait()
        met = self.all_here.parties
        self.greetings += 1
        print(
            f"{self.name}: greeting {self.greetings}, from {os.getpid()},"
            f" {met} have met"
        )


def main() -> None:
    print(f"main: pid {os.getpid()}")
    all_here = context.Barrier(2)
    greeters = [Greeter("ann", all_here), Greeter("bob", all_here)]
    for greeter in greeters:
        greeter.start()
    for greeter in greeters:
        greeter.join()
        if greeter.exitcode != 0:
            raise ChildProcessError(f"{greeter.name}: {greeter.exitcode}")
    for greeter in greeters:
        name, greetings = greeter.name, greeter.greetings
        print(f"main: {name} has ended well, greetings here: {greetings}")


if __name__ == "__main__":
    main()
