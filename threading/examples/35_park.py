"""Park: a thread waits for its token; one set before the wait is not lost."""

import queue
import threading

SHORT = 0.02
LONG = 5


class Parker:
    """The token of one thread."""

    def __init__(self) -> None:
        self.token = threading.Event()

    def park(self, limit: float | None = None) -> bool:
        """Waits for the token and takes it; whether the time has passed."""
        in_vain = not self.token.wait(limit)
        self.token.clear()
        return in_vain

    def unpark(self) -> None:
        self.token.set()


def work(
    parker: Parker,
    turn: threading.Barrier,
    ready: threading.Event,
    looked: "queue.SimpleQueue[None]",
) -> None:
    turn.wait()
    in_vain = parker.park(LONG)
    print(f"worker: parked 1 time, waited in vain: {str(in_vain).lower()}")
    turn.wait()

    turn.wait()
    first, second = parker.park(LONG), parker.park(SHORT)
    print(
        f"worker: parked 2 times, waited in vain: {str(first).lower()}, "
        f"{str(second).lower()}"
    )
    turn.wait()

    def looks_ready() -> bool:
        is_ready = ready.is_set()
        looked.put(None)
        return is_ready

    wakes = 0
    while not looks_ready():
        parker.park()
        wakes += 1
    print(f"worker: woken {wakes} times, went on when ready")


def main() -> None:
    parker = Parker()
    turn = threading.Barrier(2)
    ready = threading.Event()
    looked: queue.SimpleQueue[None] = queue.SimpleQueue()
    worker = threading.Thread(target=work, args=(parker, turn, ready, looked))
    worker.start()

    print("main: unparks once, before the worker parks")
    parker.unpark()
    turn.wait()
    turn.wait()

    print("main: unparks twice, before the worker parks")
    parker.unpark()
    parker.unpark()
    turn.wait()
    turn.wait()

    print("main: unparks without a reason, then with one")
    looked.get()
    parker.unpark()
    looked.get()  # again, and it was not ready
    ready.set()
    parker.unpark()
    worker.join()
    print("main: the worker has ended")


if __name__ == "__main__":
    main()
