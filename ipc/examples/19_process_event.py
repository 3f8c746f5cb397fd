"""Process event: nobody starts before it is set."""

import multiprocessing
import os
import select

ctx = multiprocessing.get_context("fork")  # as the Rust does

LIMIT = 20  # milliseconds


class Event:
    """Set while there is a byte in the pipe."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def set(self) -> None:
        if not self.is_set():
            os.write(self.writer, b"!")

    def clear(self) -> None:
        """Reads what is there. Several may have set it at the same time."""
        try:
            while True:
                os.read(self.reader, 8)
        except BlockingIOError:
            pass

    def is_set(self) -> bool:
        return self.wait(0)

    def wait(self, milliseconds: int | None) -> bool:
        return is_readable(self.reader, milliseconds)


def is_readable(descriptor: int, milliseconds: int | None) -> bool:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(milliseconds))


def work(worker: int, event: Event, arrive: int, start: int) -> None:
    print(f"worker {worker}: waits")
    os.write(arrive, b"!")
    event.wait(None)
    print(f"worker {worker}: starts, set: {is_set(event)}")
    os.write(start, b"!")


def is_set(event: Event) -> str:
    return str(event.is_set()).lower()


def come(name: str, event: Event) -> None:
    print(f"{name}: may pass at once: {is_set(event)}")


def let_pass(name: str, event: Event) -> None:
    process = ctx.Process(target=come, args=(name, event))
    process.start()
    process.join()


def main() -> None:
    print("main: starts 3 workers")
    event = Event()
    arrivals, arrive = os.pipe()
    starts, start = os.pipe()
    workers = [
        ctx.Process(target=work, args=(worker, event, arrive, start))
        for worker in range(3)
    ]
    for worker in workers:
        worker.start()
    here = sum(len(os.read(arrivals, 1)) for _ in workers)
    early = int(is_readable(starts, LIMIT))
    print(
        f"main: {here} have come, started within {LIMIT} ms: {early}, "
        f"set: {is_set(event)}"
    )
    print("main: sets it")
    event.set()
    for worker in workers:
        worker.join()
    print(f"main: started: {len(os.read(starts, 9))}")

    let_pass("latecomer", event)
    event.clear()
    event.clear()
    print(f"main: clears it twice, set: {is_set(event)}")
    let_pass("newcomer", event)


if __name__ == "__main__":
    main()
