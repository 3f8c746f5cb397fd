"""64 MB to another process, which looks at a word of every page."""

import multiprocessing
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


def each(one):
    def work(n):
        return sum(one() for _ in range(n))

    return work


def connection():
    ours, theirs = context.Pipe()
    data = message()

    def sink():
        spread(1)
        while True:
            theirs.send(look(theirs.recv_bytes()))

    other = context.Process(target=sink, daemon=True)
    other.start()
    spread(0)

    def one():
        ours.send_bytes(data)
        return ours.recv()

    return each(one), [other.pid]


def into():
    """As `connection`, but the other side receives into a buffer of its own."""
    ours, theirs = context.Pipe()
    data = message()

    def sink():
        spread(1)
        buffer = bytearray(SIZE)
        while True:
            theirs.recv_bytes_into(buffer)
            theirs.send(look(buffer))

    other = context.Process(target=sink, daemon=True)
    other.start()
    spread(0)

    def one():
        ours.send_bytes(data)
        return ours.recv()

    return each(one), [other.pid]


def queue():
    asked, answers = context.Queue(), context.Queue()
    data = message()

    def sink():
        spread(1)
        while True:
            answers.put(look(asked.get()))

    other = context.Process(target=sink, daemon=True)
    other.start()
    spread(0)

    def one():
        asked.put(data)
        return answers.get()

    return each(one), [other.pid]


def shared():
    ours, theirs = context.Pipe()
    data = message()
    memory = shared_memory.SharedMemory(create=True, size=SIZE)
    memory.unlink()  # both have it open: nothing is left behind

    def sink():
        spread(1)
        while theirs.recv():
            theirs.send(look(memory.buf[:SIZE]))

    other = context.Process(target=sink, daemon=True)
    other.start()
    spread(0)

    def one():
        memory.buf[:SIZE] = data
        ours.send(True)
        return ours.recv()

    return each(one), [other.pid]
