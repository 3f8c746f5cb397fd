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
    woken: "queue.SimpleQueue[None]",
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

    wakes = 0
    while not ready.is_set():
        parker.park()
        wakes += 1
        woken.put(None)
    print(f"worker: woken {wakes} times, went on when ready")


def main() -> None:
    parker = Parker()
    turn = threading.Barrier(2)
    ready = threading.Event()
    woken: queue.SimpleQueue[None] = queue.SimpleQueue()
    worker = threading.Thread(target=work, args=(parker, turn, ready, woken))
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
    parker.unpark()
    woken.get()
    ready.set()
    parker.unpark()
    worker.join()
    print("main: the worker has ended")


if __name__ == "__main__":
    main()
