"""Two sides hand a turn to each other: there and back."""

import threading

import trips


def lock():
    there, here = threading.Lock(), threading.Lock()
    there.acquire()
    here.acquire()
    turns = 0

    def other():
        nonlocal turns
        while True:
            there.acquire()
            turns += 1
            here.release()

    threading.Thread(target=other, daemon=True).start()

    def work(n):
        before = turns
        for _ in range(n):
            there.release()
            here.acquire()
        return turns - before

    return work


def condition():
    changed = threading.Condition()
    turn = "here"
    turns = 0

    def other():
        nonlocal turn, turns
        with changed:
            while True:
                changed.wait_for(lambda: turn == "there")
                turn, turns = "here", turns + 1
                changed.notify()

    threading.Thread(target=other, daemon=True).start()

    def work(n):
        nonlocal turn
        before = turns
        with changed:
            for _ in range(n):
                turn = "there"
                changed.notify()
                changed.wait_for(lambda: turn == "here")
        return turns - before

    return work


def pipe():
    return trips.pipe()


def task():
    import asyncio

    async def turns(n):
        for _ in range(n):
            await asyncio.sleep(0)
        return n

    async def work(n):
        other = asyncio.create_task(turns(n))
        await turns(n)
        return await other

    return work


def generator():
    def counting():
        turns = 0
        while True:
            yield turns
            turns += 1

    other = counting()
    next(other)
    turns = 0

    def work(n):
        nonlocal turns
        before = turns
        for _ in range(n):
            turns = other.send(None)
        return turns - before

    return work
