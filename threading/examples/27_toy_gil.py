"""The GIL of CPython itself: why `counter += 1` no longer loses updates.

CPython 3.10 and newer tests its eval breaker at backward jumps and calls only.
For the older behaviour a trace function, a call, is put between any two
instructions. Where the toy hands its lock over after so many instructions, two
threads meet at a barrier after so many: to wait there is to hand over.
"""

import contextlib
import ctypes
import dis
import os
import select
import sys
import threading
from collections.abc import Callable
from types import FrameType

ROUNDS = 20_000
SWITCH_INTERVAL = 1_009

LETS_GO = ctypes.CDLL(None)
KEEPS = ctypes.PyDLL(None)

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


def work(increase: Callable[[], None]) -> None:
    for _ in range(ROUNDS):
        increase()


def older(switch: Switch) -> None:
    def trace(frame: FrameType, event: str, _: object) -> Callable:
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

    def increase_by_call() -> None:
        global counter
        counter = counter + one()

    work(increase_by_call)


def run_all(*works: Callable[[], None], names: tuple[str, ...] = ()) -> None:
    threads = [threading.Thread(target=each) for each in works]
    for thread, name in zip(threads, names):
        thread.name = name
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def count(run: Callable[[Switch], None]) -> None:
    global counter
    counter = 0
    switch = Switch()

    def run_to_end() -> None:
        run(switch)
        switch.both.abort()

    run_all(run_to_end, run_to_end)
    name = run.__name__.replace("_with", ", with").replace("_", " ")
    print(f"main: {name}: expected {2 * ROUNDS}, got {counter}")


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

    run_all(read, write, names=("reader", "writer"))
    os.close(receiver)
    os.close(sender)


class PollFd(ctypes.Structure):
    _fields_ = (
        ("fd", ctypes.c_int),
        ("events", ctypes.c_short),
        ("revents", ctypes.c_short),
    )


def hear(library: ctypes.CDLL, limit: int) -> str:
    """Whether C code hears from a thread that needs the lock to speak."""
    begun = threading.Event()
    receiver, sender = os.pipe()
    heard = 0

    def native() -> None:
        nonlocal heard
        descriptor = PollFd(receiver, select.POLLIN, 0)
        begun.set()
        heard = library.poll(ctypes.byref(descriptor), 1, limit)

    def speak() -> None:
        begun.wait()
        os.write(sender, b"7")

    run_all(native, speak)
    os.close(receiver)
    os.close(sender)
    return str(heard == 1).lower()


def main() -> None:
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        arguments = ["-X", "gil=1", *sys.orig_argv[1:]]
        os.execv(sys.executable, [sys.executable, *arguments])

    names = [each.opname for each in dis.get_instructions(increase)]
    first, last = names.index("LOAD_GLOBAL"), names.index("STORE_GLOBAL")
    steps = [name.partition("_")[0].lower() for name in names[first : last + 1]]
    print(f"main: counter += 1 is {', '.join(steps)}")
    print(f"main: to hand over after {sys.getswitchinterval()} s")

    sys.setswitchinterval(1e-6)
    count(older)
    count(newer)
    count(newer_with_a_call_inside)
    read_while_another_counts()

    sys.setswitchinterval(60)  # only C code lets the lock go now
    heard = hear(KEEPS, limit=20)
    print(
        f"main: C code that keeps the lock heard from the other thread: {heard}"
    )
    heard = hear(LETS_GO, limit=5000)
    print(f"main: C code that lets it go heard from the other thread: {heard}")


if __name__ == "__main__":
    main()
