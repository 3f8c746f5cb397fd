"""Serialisation cost: one large array, three ways to another process."""

import array
import mmap
import multiprocessing
import pickle
import sys
import time

COUNT = 262144
FIRST = 1 << 28

ctx = multiprocessing.get_context("fork")


class Receiver:
    """A process that takes an array, says so, and looks when it is told to."""

    def __init__(self, name: str, receive) -> None:
        self.said, say = ctx.Pipe(duplex=False)
        told, self.tell = ctx.Pipe(duplex=False)
        self.process = ctx.Process(target=take, args=(name, receive, say, told))
        self.process.start()
        self.said.recv()

    def has_it(self) -> None:
        self.said.recv()

    def look(self) -> None:
        self.tell.send(None)
        self.process.join()


def take(name: str, receive, say, told) -> None:
    say.send(None)
    numbers = receive()
    say.send(None)
    told.recv()
    whole = all(n == FIRST + i for i, n in enumerate(numbers) if i)
    later = numbers[0] == 0
    print(
        f"{name}: came whole: {str(whole).lower()}, "
        f"a later change too: {str(later).lower()}"
    )


def main() -> None:
    numbers = list(range(FIRST, FIRST + COUNT))
    data = array.array("I", numbers)
    size = len(data) * data.itemsize
    print(f"main: {COUNT} numbers, {size} bytes")

    segment = mmap.mmap(-1, size)
    filled, fill = ctx.Pipe(duplex=False)
    receiver = Receiver(
        "shared memory",
        lambda: filled.recv() or memoryview(segment).cast("I"),
    )
    begin = time.perf_counter()
    segment[:] = data.tobytes()
    fill.send(None)
    receiver.has_it()
    shared = time.perf_counter() - begin
    segment[:4] = bytes(4)
    receiver.look()

    reader, writer = ctx.Pipe(duplex=False)
    receiver = Receiver(
        "pipe", lambda: memoryview(reader.recv_bytes()).cast("I")
    )
    begin = time.perf_counter()
    writer.send_bytes(data)
    receiver.has_it()
    pipe = time.perf_counter() - begin
    data[0] = 0
    receiver.look()

    queue = ctx.Queue()
    receiver = Receiver("queue", queue.get)
    begin = time.perf_counter()
    queue.put(numbers)
    receiver.has_it()
    queued = time.perf_counter() - begin
    numbers[0] = 0
    receiver.look()

    pickled = len(pickle.dumps(numbers))
    print(f"main: sent {size} bytes by pipe, {pickled} by queue")
    pipe, queued = pipe / shared, queued / shared
    print(f"main: times as long: pipe {pipe:.1f}, queue {queued:.1f}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
