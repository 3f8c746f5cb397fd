"""The GIL of CPython itself: why `counter += 1` no longer loses updates.

CPython 3.10 and newer tests its eval breaker at backward jumps and calls only.
For the older behaviour a trace function, a call, is put between any two
instructions. Where the toy hands its lock over after so many instructions, two
threads meet at a barrier after so many: to wait there is to hand over.
"""

import contextlib
import os
import sys
import threading

ROUNDS = 20_000
SWITCH_INTERVAL = 1_009

counter = 0


class Switch:
    """Hands over each time that both threads have come so far."""

    def __init__(self) -> None:
        self.both = threading.Barrier(2)
        self.mine = threading.local()

    def tick(self) -> None:
        ticks = getattr(self.mine, "ticks", 0) + 1
        self.mine.ticks = ticks
        if ticks % SWITCH_INTERVAL == 0:
            # The one that is done first breaks the barrier: no one to wait for.
            with contextlib.suppress(threading.BrokenBarrierError):
                self.both.wait()


def increase() -> None:
    global counter
    counter += 1


def work(increase) -> None:
    for _ in range(ROUNDS):
        increase()


def older(switch: Switch) -> None:
    def trace(frame, event, _):
        frame.f_trace_opcodes = True
        if event == "opcode":
            switch.tick()
        return trace

    sys.settrace(trace)
    work(increase)
    sys.settrace(None)


def newer(_: Switch) -> None:
    work(increase)


def newer_with_a_call_inside(switch: Switch) -> None:
    def one() -> int:
        switch.tick()
        return 1

    def increase() -> None:
        global counter
        counter = counter + one()

    work(increase)


def count(run) -> None:
    global counter
    counter = 0
    switch = Switch()

    def run_to_end() -> None:
        run(switch)
        switch.both.abort()

    threads = [threading.Thread(target=run_to_end) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    name = run.__name__.replace("_with", ", with").replace("_", " ")
    print(f"{name}: expected {2 * ROUNDS}, got {counter}")


def read_while_another_counts() -> None:
    global counter
    counter = 0
    begun = threading.Event()
    receiver, sender = os.pipe()

    def read() -> None:
        print("reader: lets the lock go and reads")
        begun.set()
        line = os.read(receiver, 80).decode()
        print(f"reader: has the lock again, read {line}")

    def write() -> None:
        begun.wait()
        work(increase)
        print(f"writer: counted to {counter} meanwhile, writes")
        os.write(sender, str(counter).encode())

    threads = [threading.Thread(target=f) for f in (read, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    sys.setswitchinterval(1e-6)
    count(older)
    count(newer)
    count(newer_with_a_call_inside)
    read_while_another_counts()


if __name__ == "__main__":
    main()
