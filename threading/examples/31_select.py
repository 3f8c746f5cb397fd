"""Select: wait for several sources and a time limit at once."""

import queue
import threading
import time

LIMIT = 0.02

Inbox = queue.Queue[tuple[str, int | None]]


class Source(threading.Thread):
    """Sends the next number, with its tag, each time that it is told to."""

    def __init__(self, tag: str, inbox: Inbox) -> None:
        super().__init__()
        self.tag = tag
        self.inbox = inbox
        self.turns: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.sent = threading.Semaphore(0)

    def run(self) -> None:
        number = 0
        while self.turns.get():
            number += 1
            self.inbox.put((self.tag, number))
            self.sent.release()
        self.inbox.put((self.tag, None))


def following(inbox: Inbox) -> str:
    """What comes first."""
    start = time.perf_counter()
    try:
        tag, number = inbox.get(timeout=LIMIT)
    except queue.Empty:
        waited = int((time.perf_counter() - start) * 1000)
        limit = f"{LIMIT * 1000:.0f} ms"
        return f"nobody is ready within {limit}, waited {waited}"
    return f"{tag}s closed" if number is None else f"{tag} {number}"


def main() -> None:
    inbox: Inbox = queue.Queue()
    clerk, phone = Source("order", inbox), Source("call", inbox)
    clerk.start()
    phone.start()

    print(f"main: {following(inbox)}")
    for source in (clerk, phone):
        source.turns.put(True)
        source.sent.acquire()
        print(f"main: {following(inbox)}")

    for source in (clerk, phone):
        source.turns.put(True)
    for source in (clerk, phone):
        source.sent.acquire()
    come = sorted(following(inbox) for _ in range(2))
    print(f"main: both are ready, and come: {', '.join(come)}")

    clerk.turns.put(False)
    clerk.join()
    print(f"main: {following(inbox)}")
    print(f"main: {following(inbox)}")
    phone.turns.put(False)
    phone.join()
    print(f"main: {following(inbox)}")


if __name__ == "__main__":
    main()
