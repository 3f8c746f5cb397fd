"""Producer and consumer as processes: how the end is told."""

import multiprocessing
import operator
import sys

BY_IDENTITY = -1000
BY_VALUE = -1


def produce(end: int, queue) -> None:
    print(f"producer: puts 5, 10, 13 and {end}")
    for item in (5, 10, 13, end):
        queue.put(item)


def consume(queue, end: int, is_end) -> None:
    while (item := queue.get()) is not None:
        if is_end(item, end):
            print(f"consumer: {item} is the end")
            return
        print(f"consumer: {item} doubled is {item * 2}")
    print("consumer: the producer is gone, and no end was found")


def run(end: int, is_end) -> None:
    ctx = multiprocessing.get_context("fork")
    queue = ctx.Queue()
    producer = ctx.Process(target=produce, args=(end, queue))
    consumer = ctx.Process(target=consume, args=(queue, end, is_end))
    producer.start()
    consumer.start()
    producer.join()
    queue.put(None)
    consumer.join()
    # `put` has started a thread: end it, as the next run forks.
    queue.close()
    queue.join_thread()


def main() -> None:
    print(f"main: the end is {BY_IDENTITY}, found by identity")
    run(BY_IDENTITY, operator.is_)
    print(f"main: the end is {BY_VALUE}, found by value")
    run(BY_VALUE, operator.eq)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
