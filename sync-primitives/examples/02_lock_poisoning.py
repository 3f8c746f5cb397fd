"""Lock poisoning: a holder fails, the lock is free and says so."""

import sys
import threading
from types import TracebackType


class Mutex:
    """A lock that remembers, as Rust's does, that a holder failed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.poisoned = False

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.poisoned |= error is not None
        self.lock.release()


accounts = [100, 0]
mutex = Mutex()
failed = []


def note_failure(failure: threading.ExceptHookArgs) -> None:
    failed.append(failure.thread)
    print(failure.exc_value, file=sys.stderr)


def ann() -> None:
    with mutex:
        accounts[0] -= 30
        print("ann: took 30 from the first")
        accounts[2] += 30  # IndexError: there is no third


def bob() -> None:
    with mutex:
        if mutex.poisoned:
            print("bob: still poisoned")
            return
        accounts[0] -= 10
        accounts[1] += 10
        print(f"bob: moved 10, {accounts[0]} + {accounts[1]}")


def main() -> None:
    threading.excepthook = note_failure
    thread = threading.Thread(target=ann)
    thread.start()
    thread.join()
    if thread in failed:
        print("main: ann failed")
    with mutex:
        if mutex.poisoned:
            print("main: the lock is free, and poisoned")
            first, second = accounts
            accounts[1] = 100 - first
            print(
                f"main: {first} + {second}, mended to {first} + {accounts[1]}"
            )
            mutex.poisoned = False
        else:
            print("main: the lock is free")
    thread = threading.Thread(target=bob)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
