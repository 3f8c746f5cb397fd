"""Graceful shutdown: Ctrl-C while main waits in a join."""

import multiprocessing
import os
import queue
import signal
import sys
import threading


def program(hangs: bool, to_user: int) -> None:
    stop = False
    asked = queue.SimpleQueue()
    finished = 0

    def take_signals() -> None:
        nonlocal stop
        signal.sigwait({signal.SIGINT})
        print("signals: SIGINT, no new item")
        stop = True
        os.write(to_user, b"!")
        asked.put(None)
        signal.sigwait({signal.SIGINT})
        print("signals: SIGINT again, ends the process")
        os._exit(130)

    def work() -> None:
        nonlocal finished
        while finished < 4 and not stop:
            item = finished + 1
            if item == 2:
                how = ", which hangs" if hangs else ""
                print(f"worker: in the middle of item 2{how}")
                os.write(to_user, b"!")
                asked.get()
                if hangs:
                    asked.get()
            print(f"worker: finished item {item}")
            finished += 1

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    print("program: 4 items, main waits in a join")
    threading.Thread(target=take_signals, daemon=True).start()
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    print(f"program: joined, finished {finished} of 4 items")


def main() -> None:
    ctx = multiprocessing.get_context("fork")
    for hangs in (False, True):
        from_program, to_user = os.pipe()
        process = ctx.Process(target=program, args=(hangs, to_user))
        process.start()
        os.close(to_user)
        os.read(from_program, 1)
        print("user: Ctrl-C")
        os.kill(process.pid, signal.SIGINT)
        os.read(from_program, 1)
        if hangs:
            print("user: Ctrl-C again")
            os.kill(process.pid, signal.SIGINT)
        process.join()
        os.close(from_program)
        print(f"user: the program ended with {process.exitcode}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
