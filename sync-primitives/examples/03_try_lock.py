"""Try lock: take it if it is free, else do something else."""

import threading

deposit = 100
lock = threading.Lock()


def bob_as_in_the_notes() -> None:
    if not lock.acquire(blocking=False):
        print("bob: Resource is busy")
    try:
        print("bob: inside all the same")
    finally:
        lock.release()
        print("bob: released it")


def bob() -> None:
    global deposit
    if not lock.acquire(blocking=False):
        print("bob: Resource is busy, washes up")
        return
    try:
        deposit += 10
        print(f"bob: adds 10, {deposit}")
    finally:
        lock.release()


def run(thread: threading.Thread) -> None:
    thread.start()
    thread.join()


def main() -> None:
    lock.acquire()
    print("main: inside")
    run(threading.Thread(target=bob_as_in_the_notes))
    if lock.acquire(blocking=False):
        print("main: still inside, and the lock is free")
    lock.release()

    lock.acquire()
    print("main: holds the deposit")
    run(threading.Thread(target=bob))
    print("main: lets go")
    lock.release()
    run(threading.Thread(target=bob))


if __name__ == "__main__":
    main()
