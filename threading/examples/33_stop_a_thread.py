"""Stop a thread: it has to look; nothing ends it from outside."""

import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

LIMIT = 0.02

Gate = queue.SimpleQueue[None]


def loop(begun: Gate, flag: threading.Event) -> int:
    print("looper: at work")
    turns = 0
    while not flag.is_set():
        turns += 1
        if turns == 2:
            begun.put(None)
        time.sleep(0)
    print("looper: saw the flag, tidied up")
    return turns


def receive(begun: Gate, inbox: "queue.SimpleQueue[int | None]") -> int:
    total = 0
    while (number := inbox.get()) is not None:
        print(f"receiver: received {number}")
        begun.put(None)
        total += number
    print("receiver: the channel is closed, tidied up")
    return total


def go_on(begun: Gate, flag: threading.Event, gate: Gate) -> bool:
    print("stubborn: at work")
    begun.put(None)
    gate.get()  # its work, which ends when main opens the gate
    print("stubborn: its work is done")
    return flag.is_set()


def report(name: str, future: Future) -> None:
    """Gives it some time to end, and says whether it has."""
    start = time.perf_counter()
    time.sleep(LIMIT)
    ended = str(future.done()).lower()
    ms = round((time.perf_counter() - start) * 1000)
    print(f"main: the {name} has ended after {ms} ms: {ended}")


def main() -> None:
    begun: Gate = queue.SimpleQueue()
    flag = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as threads:
        looper = threads.submit(loop, begun, flag)
        begun.get()
        flag.set()
        turns = looper.result()
    print(f"main: the looper has ended, after {turns} turns")

    inbox: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as threads:
        receiver = threads.submit(receive, begun, inbox)
        inbox.put(1)
        begun.get()
        report("receiver", receiver)
        inbox.put(None)
        total = receiver.result()
    print(f"main: the receiver has ended, sum {total}")

    gate: Gate = queue.SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as threads:
        stubborn = threads.submit(go_on, begun, flag, gate)
        begun.get()
        report("stubborn one", stubborn)
        gate.put(None)
        asked = str(stubborn.result()).lower()
    print(f"main: the stubborn one has ended, it had been asked: {asked}")


if __name__ == "__main__":
    main()
