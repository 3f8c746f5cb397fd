"""Graceful shutdown: Ctrl-C while main waits in a join."""

import multiprocessing
import os
import queue
import signal
import threading

ITEMS = 4

def program(number: int, hangs: bool, to_user: int) -> None:
    stop = threading.Event()
    asked: queue.SimpleQueue[None] = queue.SimpleQueue()
    finished = 0

    def take_signals() -> None:
        signal.sigwait({signal.SIGINT})
        print(f"signals {number}: SIGINT, no new item")
        stop.set()
        os.write(to_user, b"!")
        asked.put(None)
        signal.sigwait({signal.SIGINT})
        print(f"signals {number}: SIGINT again, ends the process")
        os._exit(130)

    def work() -> None:
        nonlocal finished
        while finished < ITEMS and not stop.is_set():
            item = finished + 1
            if item == 2:
                how = ", which hangs" if hangs else ""
                print(f"worker {number}: in the middle of item 2{how}")
                os.write(to_user, b"!")
                # The item takes until main was asked to stop, or for ever.
                asked.get()
                if hangs:
                    asked.get()
            print(f"worker {number}: finished item {item}")
            finished += 1

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    print(f"program {number}: {ITEMS} items, waits in a join")
    threading.Thread(target=take_signals, daemon=True).start()
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    print(f"program {number}: joined, finished {finished} of {ITEMS} items")


def main() -> None:
    """The user at the keyboard, who starts the program twice."""
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    for number, hangs in ((1, False), (2, True)):
        from_program, to_user = os.pipe()
        process = ctx.Process(target=program, args=(number, hangs, to_user))
        process.start()
        os.close(to_user)
        for _ in range(2 if hangs else 1):
            os.read(from_program, 1)
            print("user: Ctrl-C")
            os.kill(process.pid, signal.SIGINT)
        process.join()
        os.close(from_program)
        print(f"user: program {number} ended with {process.exitcode}")


if __name__ == "__main__":
    main()
