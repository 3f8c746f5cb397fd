"""Producer and consumer as processes: how to tell the end."""

import multiprocessing
import operator
from collections.abc import Callable
from multiprocessing.queues import Queue

BY_IDENTITY = -1000
BY_VALUE = -1

IsEnd = Callable[[int, int], bool]


def produce(number: int, end: int, queue: Queue) -> None:
    print(f"producer {number}: puts 5, 10, 13, {end}")
    for item in (5, 10, 13, end):
        queue.put(item)


def consume(number: int, end: int, queue: Queue, is_end: IsEnd) -> None:
    while (item := queue.get()) is not None:
        if is_end(item, end):
            print(f"consumer {number}: {item} is the end")
            return
        print(f"consumer {number}: {item} doubled is {item * 2}")
    print(f"consumer {number}: the producer is gone, and no end was found")


def run(number: int, end: int, is_end: IsEnd) -> int:
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    queue = ctx.Queue()
    producer = ctx.Process(target=produce, args=(number, end, queue))
    consumer = ctx.Process(target=consume, args=(number, end, queue, is_end))
    producer.start()
    consumer.start()
    producer.join()
    queue.put(None)
    consumer.join()
    # `put` has started a thread: end it, as the next round forks.
    queue.close()
    queue.join_thread()
    return [producer.exitcode, consumer.exitcode].count(0)


def main() -> None:
    print(f"main: the end is {BY_IDENTITY}, found by identity")
    ended = run(1, BY_IDENTITY, operator.is_)
    print(f"main: the end is {BY_VALUE}, found by value")
    ended += run(2, BY_VALUE, operator.eq)
    print(f"main: both rounds are over, processes waited for: {ended}")


if __name__ == "__main__":
    main()
