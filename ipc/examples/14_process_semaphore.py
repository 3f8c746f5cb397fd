"""Process semaphore: two permits, five processes."""

import multiprocessing
import os
import sys

ctx = multiprocessing.get_context("fork")


def work(worker, semaphore, inside, most, enter, leave) -> None:
    print(f"worker {worker}: waiting")
    with semaphore:
        with inside.get_lock():
            inside.value += 1
            most.value = max(most.value, inside.value)
        print(f"worker {worker}: inside")
        os.write(enter, b"!")
        os.read(leave, 1)
        print(f"worker {worker}: leaving")
        with inside.get_lock():
            inside.value -= 1


def main() -> None:
    print("main: 2 permits, 5 workers")
    semaphore = ctx.Semaphore(2)
    inside, most = ctx.Value("i", 0), ctx.Value("i", 0)
    entered, enter = os.pipe()
    leave, let_out = os.pipe()
    workers = [
        ctx.Process(
            target=work, args=(worker, semaphore, inside, most, enter, leave)
        )
        for worker in range(5)
    ]
    for worker in workers[:2]:
        worker.start()
    for _ in range(2):
        os.read(entered, 1)
    third = str(semaphore.acquire(block=False)).lower()
    print(f"main: two are inside, a third permit: {third}")
    for worker in workers[2:]:
        worker.start()
    for _ in range(3):
        os.write(let_out, b"!")
        os.read(entered, 1)
    os.write(let_out, b"!!")
    for worker in workers:
        worker.join()
    print(f"main: most inside at once: {most.value}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
