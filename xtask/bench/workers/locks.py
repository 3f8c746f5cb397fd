"""Lock, add one, unlock, by several threads."""

import threading

from crew import Crew


class Counter:
    def __init__(self):
        self.count = 0


def adding(lock, threads):
    counter = Counter()

    def add(_me, part):
        for _ in range(part):
            with lock:
                counter.count += 1
        return 0

    crew = Crew(threads, add)

    def work(n):
        before = counter.count
        crew.run(n)
        return counter.count - before

    return work


def lock_1():
    return adding(threading.Lock(), 1)


def lock_2():
    return adding(threading.Lock(), 2)


def lock_4():
    return adding(threading.Lock(), 4)


def rlock_1():
    return adding(threading.RLock(), 1)


def rlock_2():
    return adding(threading.RLock(), 2)


def rlock_4():
    return adding(threading.RLock(), 4)
