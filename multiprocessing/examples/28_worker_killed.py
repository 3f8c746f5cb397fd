"""Worker killed: waiting for an answer that nobody will give."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

# As it comes on Linux up to 3.13; since 3.14 the default is forkserver.
context = multiprocessing.get_context("fork")


def square(number: int) -> int:
    return number * number


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def by_pool() -> None:
    with context.Pool(1) as pool:
        (worker,) = multiprocessing.active_children()
        answer = pool.apply_async(die)
        worker.join()
        # A thread of the pool waits for it too: who comes second learns the exit
        # code a moment later.
        while worker.exitcode is None:
            time.sleep(0.001)
        print(f"main: the worker has died of signal {-worker.exitcode}")
        start = time.monotonic()
        try:
            answer.get(timeout=0.06)  # all that can be is a time-out
            timed_out = False
        except multiprocessing.TimeoutError:
            timed_out = True
        ms = int((time.monotonic() - start) * 1000)
        said = str(timed_out).lower()
        print(f"main: waited {ms} ms for its answer, timed out: {said}")
        print(f"main: the next worker answers: {pool.apply(square, (3,))}")


def by_end_of_file() -> None:
    answers, writer = context.Pipe(duplex=False)
    worker = context.Process(target=die)
    worker.start()
    writer.close()  # the cure
    ended = False
    if answers.poll(0.5):
        try:
            answers.recv()
        except EOFError:
            ended = True
    said = str(ended).lower()
    print(f"main: cured by closing the own end, the end of file came: {said}")
    worker.join()
    print(f"main: the worker has died of signal {-worker.exitcode}")


def by_executor() -> None:
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        try:
            executor.submit(die).result()
        except BrokenProcessPool:
            print("main: cured by a pool that tells: the worker has died")
    # The old one takes no more tasks.
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        answer = executor.submit(square, 4).result()
        print(f"main: the next worker answers: {answer}")


def main() -> None:
    by_pool()
    by_end_of_file()
    by_executor()


if __name__ == "__main__":
    main()
