"""A number goes to another process and comes back with one added."""

import multiprocessing
import os
import socket

context = multiprocessing.get_context("fork")


def trips(trip):
    """Counts the numbers that came back right."""

    def work(n):
        return sum(trip(i) == i + 1 for i in range(1, n + 1))

    return work


def child(main):
    """Forks a child that runs `main`, and gives its id."""
    pid = os.fork()
    if pid == 0:
        try:
            main()
        finally:
            os._exit(0)
    return pid


def add_one(word):
    return (int.from_bytes(word, "little") + 1).to_bytes(8, "little")


def pipe():
    asked, ask = os.pipe()
    answered, answer = os.pipe()

    def echo():
        os.close(ask)
        while word := os.read(asked, 8):
            os.write(answer, add_one(word))

    pid = child(echo)

    def trip(number):
        os.write(ask, number.to_bytes(8, "little"))
        return int.from_bytes(os.read(answered, 8), "little")

    return trips(trip), [pid]


def socketpair():
    ours, theirs = socket.socketpair()

    def echo():
        ours.close()
        while word := theirs.recv(8):
            theirs.sendall(add_one(word))

    pid = child(echo)

    def trip(number):
        ours.sendall(number.to_bytes(8, "little"))
        return int.from_bytes(ours.recv(8), "little")

    return trips(trip), [pid]


def connection():
    ours, theirs = context.Pipe()

    def echo():
        while True:
            theirs.send(theirs.recv() + 1)

    other = context.Process(target=echo, daemon=True)
    other.start()

    def trip(number):
        ours.send(number)
        return ours.recv()

    return trips(trip), [other.pid]


def simple_queue():
    return queues(context.SimpleQueue)


def queue():
    return queues(context.Queue)


def queues(kind):
    asked, answers = kind(), kind()

    def echo():
        while True:
            answers.put(asked.get() + 1)

    other = context.Process(target=echo, daemon=True)
    other.start()

    def trip(number):
        asked.put(number)
        return answers.get()

    return trips(trip), [other.pid]
