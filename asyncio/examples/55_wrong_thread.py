"""The wrong thread: a queue is filled, and the loop sleeps on."""

import asyncio
import selectors
import threading


class TellingSelector(selectors.DefaultSelector):
    """Says when the loop goes to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.idle = threading.Semaphore(0)

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            self.idle.release()
        return super().select(timeout)


async def main(idle: threading.Semaphore) -> None:
    letters: asyncio.Queue[str] = asyncio.Queue()
    got = threading.Semaphore(0)
    loop = asyncio.get_running_loop()
    reader = asyncio.create_task(read(letters, got))
    await asyncio.to_thread(put, letters, loop, idle, got)
    await reader
    print("main: both have ended")


async def read(letters: asyncio.Queue[str], got: threading.Semaphore) -> None:
    print("reader: waits")
    print(f"reader: got {await letters.get()}")
    print("reader: waits")
    got.release()
    print(f"reader: got {await letters.get()}")
    got.release()


def put(
    letters: asyncio.Queue[str],
    loop: asyncio.AbstractEventLoop,
    idle: threading.Semaphore,
    got: threading.Semaphore,
) -> None:
    idle.acquire()  # the loop sleeps
    letters.put_nowait("ann")
    woken = str(got.acquire(timeout=0.05)).lower()
    length = letters.qsize()
    print(f"thread: puts ann, in the queue: {length}, reader woken: {woken}")
    print("thread: wakes the loop")
    loop.call_soon_threadsafe(lambda: None)
    got.acquire()

    idle.acquire()  # the loop sleeps
    print("thread: puts bob, the loop is woken")
    loop.call_soon_threadsafe(letters.put_nowait, "bob")
    got.acquire()


if __name__ == "__main__":
    selector = TellingSelector()
    with asyncio.Runner(
        loop_factory=lambda: asyncio.SelectorEventLoop(selector)
    ) as runner:
        runner.run(main(selector.idle))
