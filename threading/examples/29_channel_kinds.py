"""Channel kinds: what each does when it is full, empty or closed."""

import queue
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

CLOSED = object()


class Rendezvous:
    """A value is handed over to a waiting receiver, and never stored."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.receivers = 0
        self.handed_over: deque[int] = deque()

    def try_send(self, value: int) -> bool:
        with self.changed:
            if self.receivers == 0:
                return False
            self.receivers -= 1
            self.handed_over.append(value)
            self.changed.notify()
            return True

    def receive(self) -> int:
        with self.changed:
            self.receivers += 1
            self.changed.wait_for(lambda: self.handed_over)
            return self.handed_over.popleft()


def is_full(channel: "queue.Queue[int]", count: int) -> str:
    try:
        for number in range(count):
            channel.put_nowait(number)
    except queue.Full:
        return "true"
    return "false"


def main() -> None:
    unbounded: queue.Queue[int] = queue.Queue()
    full = is_full(unbounded, 1000)
    print(f"main: unbounded, {unbounded.qsize()} sent: full {full}")

    bounded: queue.Queue[int] = queue.Queue(maxsize=2)
    full = is_full(bounded, 3)
    print(f"main: bounded by 2, {bounded.qsize()} sent: full {full}")

    rendezvous = Rendezvous()
    full = str(not rendezvous.try_send(7)).lower()
    print(f"main: rendezvous, nobody receives: full {full}")
    with ThreadPoolExecutor(max_workers=1) as threads:
        receiver = threads.submit(rendezvous.receive)
        while not rendezvous.try_send(7):
            time.sleep(0)  # until it receives
    got = receiver.result()
    print(f"main: rendezvous, one receives: full false, it got {got}")

    channel: queue.Queue[object] = queue.Queue()
    try:
        closed = str(channel.get_nowait() is CLOSED).lower()
    except queue.Empty:
        closed = "false"
    print(f"main: empty: nothing to receive, closed {closed}")

    for value in (1, 2, CLOSED):
        channel.put(value)
    left = []
    while (value := channel.get_nowait()) is not CLOSED:
        left.append(f"received {value}")
    closed = str(value is CLOSED).lower()
    print(
        f"main: closed with {len(left)} left: {', '.join(left)}, "
        f"then closed {closed}"
    )

    shared: queue.Queue[int] = queue.Queue()
    for number in range(1, 5):
        shared.put(number)
    both = threading.Barrier(2)

    met: list[str] = []

    def meet() -> None:
        if both.wait() == 0:
            met.append("here")

    def take_two() -> int:
        meet()  # neither has taken any
        first = shared.get()
        meet()  # each has taken one
        return first + shared.get()

    with ThreadPoolExecutor(max_workers=2) as threads:
        receivers = [threads.submit(take_two) for _ in range(2)]
    total = sum(receiver.result() for receiver in receivers)
    print(
        f"main: 2 receivers: took 2 each, sum {total}, met {len(met)} times"
    )


if __name__ == "__main__":
    main()
