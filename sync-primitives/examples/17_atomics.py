"""Atomics: one step that nobody can come between."""

import itertools
import threading

all_there = threading.Barrier(4)
tickets = itertools.count()
race: dict[str, int] = {}
wins = []


def draw() -> None:
    all_there.wait()
    ticket = next(tickets)
    print(f"worker: ticket {ticket}")
    if race.setdefault("winner", ticket) == ticket:
        wins.append(ticket)


asked = threading.Event()
ready = threading.Event()
answer = 0


def read() -> None:
    if not ready.is_set():
        print("reader: not ready")
    asked.set()
    ready.wait()
    print(f"reader: ready, the answer is {answer}")


def main() -> None:
    global answer
    workers = [threading.Thread(target=draw) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"main: {next(tickets)} tickets, {len(wins)} winner")

    reader = threading.Thread(target=read)
    reader.start()
    asked.wait()
    answer = 42
    ready.set()
    reader.join()


if __name__ == "__main__":
    main()
