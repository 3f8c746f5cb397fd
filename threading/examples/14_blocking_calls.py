"""Blocking calls: the thread stops until something happens elsewhere."""

import os
import queue
import socket
import sys
import threading
import time
from collections.abc import Callable


def state(status: int) -> str:
    """The kernel's word for what the thread does."""
    # pread lets the interpreter's lock go first: a thread that waited for that
    # lock alone is no longer asleep here.
    try:
        text = os.pread(status, 256, 0).decode()
    except ProcessLookupError:
        return "gone"
    return text.partition("State:\t")[2].partition("\n")[0]


def blocked(name: str, call: Callable[[], None]) -> threading.Thread:
    """Starts a thread and goes on when it is blocked or gone."""
    told: queue.SimpleQueue[int] = queue.SimpleQueue()

    def run() -> None:
        told.put(os.open("/proc/thread-self/status", os.O_RDONLY))
        call()

    thread = threading.Thread(target=run)
    thread.start()
    status = told.get()
    try:
        while (now := state(status))[0] not in "Sg":
            time.sleep(0)
    finally:
        os.close(status)
    print(f"main: the {name} is {now}")
    return thread


def would_block(what: str, refused: bool) -> None:
    print(f"main: a nonblocking {what} would block: {str(refused).lower()}")


def read(far: socket.socket) -> None:
    print(f"reader: has read {len(far.recv(5))} bytes")


def receive(inbox: "queue.SimpleQueue[int]") -> None:
    print(f"receiver: has received {inbox.get()}")


def take(lock: threading.Lock) -> None:
    with lock:  # blocks
        print("locker: has the lock")


def sleep(seen: threading.Event) -> None:
    while not seen.is_set():
        time.sleep(0.005)
    print("sleeper: is awake")


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    near, far = socket.socketpair()
    with near, far:
        reader = blocked("reader", lambda: read(far))
        near.setblocking(False)
        try:
            near.recv(1)
            would_block("read", False)
        except BlockingIOError:
            would_block("read", True)
        near.sendall(b"hello")
        reader.join()

    inbox: queue.SimpleQueue[int] = queue.SimpleQueue()
    receiver = blocked("receiver", lambda: receive(inbox))
    try:
        inbox.get_nowait()
        would_block("receive", False)
    except queue.Empty:
        would_block("receive", True)
    inbox.put(5)
    receiver.join()

    lock = threading.Lock()
    with lock:
        locker = blocked("locker", lambda: take(lock))
        would_block("lock", not lock.acquire(blocking=False))
    locker.join()

    seen = threading.Event()
    sleeper = blocked("sleeper", lambda: sleep(seen))
    seen.set()
    sleeper.join()


if __name__ == "__main__":
    main()
