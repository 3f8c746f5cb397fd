"""Signals: handled, ignored, left to the default, and SIGKILL."""

import multiprocessing
import os
import signal
import socket
import sys
from multiprocessing.connection import Connection


def handler(number: int, frame) -> None:
    """Runs in the main thread, between two instructions."""


def may_be_handled(number: signal.Signals) -> str:
    try:
        signal.signal(number, handler)
    except OSError:
        return "false"
    return "true"


def work(to_main: Connection) -> None:
    end, woken = socket.socketpair()
    end.setblocking(False)
    # The handler that the kernel calls writes a byte here.
    signal.set_wakeup_fd(end.fileno())
    signal.signal(signal.SIGUSR1, handler)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    print("worker: handles SIGUSR1, ignores SIGUSR2")
    to_main.send_bytes(b"!")
    while woken.recv(1):
        print("worker: SIGUSR1 was handled")
        to_main.send_bytes(b"!")


def main() -> None:
    may = [
        f"{number.name} {may_be_handled(number)}"
        for number in (signal.SIGUSR1, signal.SIGKILL, signal.SIGSTOP)
    ]
    print(f"main: may be handled: {', '.join(may)}")
    ctx = multiprocessing.get_context("fork")
    for last in (signal.SIGTERM, signal.SIGKILL):
        from_worker, to_main = ctx.Pipe(duplex=False)
        worker = ctx.Process(target=work, args=(to_main,))
        worker.start()
        to_main.close()
        from_worker.recv_bytes()
        print("main: sends SIGUSR2 and SIGUSR1")
        os.kill(worker.pid, signal.SIGUSR2)
        os.kill(worker.pid, signal.SIGUSR1)
        from_worker.recv_bytes()
        print("main: the worker is alive")
        print(f"main: sends {last.name}")
        os.kill(worker.pid, last)
        worker.join()
        name = signal.Signals(-worker.exitcode).name
        print(f"main: the worker was ended by {name}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
