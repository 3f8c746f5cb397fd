"""Serialisation cost: one large array, three ways to another process."""

import array
import mmap
import multiprocessing
import pickle
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

COUNT = 262144
FIRST = 1 << 28

ctx = multiprocessing.get_context("fork")  # as the Rust does

Receive = Callable[[], Sequence[int]]


class Receiver:
    """A process that takes an array, tells its sum, and looks when told to."""

    def __init__(self, name: str, receive: Receive) -> None:
        self.said, say = ctx.Pipe(duplex=False)
        told, self.tell = ctx.Pipe(duplex=False)
        self.process = ctx.Process(
            target=take, args=(name, receive, say, told), daemon=True
        )
        self.process.start()
        self.said.recv()

    def has_sum(self, expected: int, begin: float) -> float:
        """Waits for the sum; gives the time that all took."""
        got = self.said.recv()
        elapsed = time.perf_counter() - begin
        assert got == expected
        return elapsed

    def look(self) -> None:
        self.tell.send(None)
        self.process.join()
        assert self.process.exitcode == 0


def take(
    name: str, receive: Receive, say: Connection, told: Connection
) -> None:
    say.send(None)  # ready
    numbers = receive()
    total = sum(numbers)
    say.send(total)
    told.recv()
    later = str(numbers[0] == 0).lower()
    print(f"{name}: sum {total}, sees a later change: {later}")


def receive_mapped(from_main: socket.socket, size: int) -> Sequence[int]:
    _, [descriptor], _, _ = socket.recv_fds(from_main, 1, 1)
    return memoryview(mmap.mmap(descriptor, size)).cast("I")


def main() -> None:
    numbers = list(range(FIRST, FIRST + COUNT))
    data = array.array("I", numbers)
    size, total = len(data) * data.itemsize, sum(numbers)
    print(f"main: {COUNT} numbers, {size} bytes, sum {total}")

    to_receiver, from_main = socket.socketpair()
    receiver = Receiver(
        "shared memory", lambda: receive_mapped(from_main, size)
    )
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as file, to_receiver, from_main:
        file.truncate(size)
        segment = mmap.mmap(file.fileno(), size)
        segment[:] = data.tobytes()
        socket.send_fds(to_receiver, [b"!"], [file.fileno()])
        shared = receiver.has_sum(total, begin)
    segment[:4] = bytes(4)
    receiver.look()

    reader, writer = ctx.Pipe(duplex=False)
    receiver = Receiver(
        "pipe", lambda: memoryview(reader.recv_bytes()).cast("I")
    )
    begin = time.perf_counter()
    writer.send_bytes(data)
    pipe = receiver.has_sum(total, begin)
    data[0] = 0
    receiver.look()

    queue = ctx.Queue()
    receiver = Receiver("queue", queue.get)
    begin = time.perf_counter()
    queue.put(numbers)
    queued = receiver.has_sum(total, begin)
    numbers[0] = 0
    receiver.look()

    pickled = len(pickle.dumps(numbers))
    print(f"main: bytes sent by pipe {size}, by queue {pickled}")
    pipe, queued = pipe / shared, queued / shared
    print(
        f"main: times as long as shared memory: pipe {pipe:.1f}, "
        f"queue {queued:.1f}"
    )


if __name__ == "__main__":
    main()
