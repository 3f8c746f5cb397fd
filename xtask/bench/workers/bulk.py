"""64 MB to another process, which looks at a word of every page."""

import multiprocessing
import socket
from multiprocessing import shared_memory

from cores import spread

SIZE = 64 << 20
PAGE = 4096

context = multiprocessing.get_context("fork")


def message():
    """Each page begins with its number."""
    made = bytearray(b"\1" * SIZE)
    words = memoryview(made).cast("Q")
    for i in range(SIZE // PAGE):
        words[i * PAGE // 8] = i
    words.release()
    return bytes(made)


def look(data):
    """The sum of the pages' numbers."""
    return sum(memoryview(data).cast("Q")[:: PAGE // 8])


def through(send, receive):
    """To a process that receives, looks and answers, again and again."""
    data = message()
    answers, answer = context.Pipe(duplex=False)

    def sink():
        spread(1)
        while True:
            answer.send(look(receive()))

    other = context.Process(target=sink, daemon=True)
    other.start()
    spread(0)

    def one():
        send(data)
        return answers.recv()

    return lambda n: sum(one() for _ in range(n)), [other.pid]


def connection():
    theirs, ours = context.Pipe(duplex=False)
    return through(ours.send_bytes, theirs.recv_bytes)


def into():
    """As `connection`, but the other side receives into a buffer of its own."""
    theirs, ours = context.Pipe(duplex=False)
    buffer = bytearray(SIZE)

    def receive():
        theirs.recv_bytes_into(buffer)
        return buffer

    return through(ours.send_bytes, receive)


def tcp():
    """As `into`, over loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    buffer = bytearray(SIZE)

    def receive():
        rest = memoryview(buffer)
        while rest:
            rest = rest[theirs.recv_into(rest) :]
        return buffer

    return through(ours.sendall, receive)


def queue():
    items = context.Queue()
    return through(items.put, items.get)


def shared():
    theirs, ours = context.Pipe(duplex=False)
    memory = shared_memory.SharedMemory(create=True, size=SIZE)
    memory.unlink()  # both have it open: nothing is left behind

    def send(data):
        memory.buf[:SIZE] = data
        ours.send(True)

    def receive():
        theirs.recv()
        return memory.buf[:SIZE]

    return through(send, receive)
