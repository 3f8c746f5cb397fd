"""Lock in a finalizer: cleaning up wants the lock that its own thread holds."""

import gc
import queue
import threading
from collections.abc import Callable


class Log:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.entries: list[str] = []


class Session:
    """Does something when it dies, which only the collector sees."""

    def __init__(self, at_end: Callable[[], None]) -> None:
        self.at_end = at_end
        self.myself = self  # a cycle

    def __del__(self) -> None:
        self.at_end()


def main() -> None:
    gc.disable()  # collect where the program says so
    log = Log()

    def log_now() -> None:
        here = threading.current_thread() is threading.main_thread()
        taken = log.lock.acquire(blocking=False)  # or never return
        print(
            f"main: finalizer on the holder's thread: {str(here).lower()}, "
            f"gets the lock: {str(taken).lower()}"
        )
        if taken:
            log.entries.append("session closed")
            log.lock.release()

    print("main: locks in the finalizer")
    session = Session(log_now)
    print("main: a session dies, the lock is free")
    del session
    gc.collect()
    session = Session(log_now)
    print("main: a session dies under the lock")
    with log.lock:  # log
        del session
        gc.collect()
    print(f"main: entries in the log: {len(log.entries)}")

    print("main: hands over in the finalizer")
    handed_over: queue.SimpleQueue[str] = queue.SimpleQueue()

    def hand_over() -> None:
        handed_over.put("session closed")  # never blocks

    session = Session(hand_over)
    print("main: a session dies under the lock")
    with log.lock:
        del session
        gc.collect()
        waiting = handed_over.qsize()
        print(
            f"main: entries handed over: {waiting}, "
            f"in the log: {len(log.entries)}"
        )
        for _ in range(waiting):
            log.entries.append(handed_over.get_nowait())
        print(f"main: entries in the log: {len(log.entries)}")


if __name__ == "__main__":
    main()
