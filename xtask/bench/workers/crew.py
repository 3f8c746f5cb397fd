"""Threads that live on and do their part of every slice."""

import queue
import threading

from cores import spread


class Crew:
    def __init__(self, threads, work):
        self.answers = queue.SimpleQueue()
        self.ask = [queue.SimpleQueue() for _ in range(threads)]

        def serve(me, asked):
            spread(me)
            while True:
                self.answers.put(work(me, asked.get()))

        for me, asked in enumerate(self.ask):
            threading.Thread(target=serve, args=(me, asked), daemon=True).start()

    def run(self, n):
        for ask in self.ask:
            ask.put(n // len(self.ask))
        return sum(self.answers.get() for _ in self.ask)
