"""Join before drain: the join never returns."""

import multiprocessing
import time
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

ctx = multiprocessing.get_context("fork")  # as the Rust does

PATIENCE = 0.1


def send(number: int, size: int, result: Queue, has_put: Event) -> None:
    print(f"child {number}: sends {size} bytes")
    result.put(bytes(size))
    has_put.set()  # and now waits at its end for the queue's thread


def start(number: int, size: int) -> tuple[BaseProcess, Queue]:
    result, has_put = ctx.Queue(), ctx.Event()
    child = ctx.Process(
        target=send, args=(number, size, result, has_put), daemon=True
    )
    child.start()
    has_put.wait()
    return child, result


def drain(result: Queue) -> int:
    return len(result.get())


def code(child: BaseProcess) -> int | None:
    child.join()
    return child.exitcode


def main() -> None:
    stuck, result = start(1, 1_000_000)
    begun = time.perf_counter()
    stuck.join(PATIENCE)  # without a limit: for ever
    ms = round((time.perf_counter() - begun) * 1000)
    ended = str(stuck.exitcode is not None).lower()
    print(f"main: joins first for {ms} ms, ended: {ended}")
    size = len(result.get())
    print(f"main: drains {size} bytes, joins, ended with {code(stuck)}")

    small, result = start(2, 1_000)
    print(f"main: joins first, ended with {code(small)}")
    print(f"main: drains {drain(result)} bytes")

    cured, result = start(3, 1_000_000)
    size = drain(result)
    print(f"main: drains {size} bytes, joins, ended with {code(cured)}")


if __name__ == "__main__":
    main()
