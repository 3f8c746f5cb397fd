"""Signals: handled, ignored, left to the default, and SIGKILL."""

import multiprocessing
import os
import signal
import socket
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import FrameType

ctx = multiprocessing.get_context("fork")  # as the Rust does


def handler(number: int, frame: FrameType | None) -> None:
    """Runs in the main thread, between two instructions."""


def may_be_handled(number: signal.Signals) -> str:
    try:
        before = signal.signal(number, handler)
    except OSError:
        return "false"
    signal.signal(number, before)
    return "true"


def work(number: int, to_main: Connection) -> None:
    end, woken = socket.socketpair()
    end.setblocking(False)
    # The handler that the kernel calls writes a byte here.
    signal.set_wakeup_fd(end.fileno())
    signal.signal(signal.SIGUSR1, handler)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    print(f"worker {number}: handles SIGUSR1, ignores SIGUSR2")
    to_main.send_bytes(b"!")
    while woken.recv(1):
        print(f"worker {number}: SIGUSR1 was handled")
        to_main.send_bytes(b"!")


def idle(to_main: Connection) -> None:
    print("worker 3: leaves all at their defaults")
    to_main.send_bytes(b"!")
    while True:
        signal.pause()


def start(target, *args) -> tuple[BaseProcess, Connection]:
    from_worker, to_main = ctx.Pipe(duplex=False)
    worker = ctx.Process(target=target, args=(*args, to_main))
    worker.start()
    to_main.close()
    from_worker.recv_bytes()
    return worker, from_worker


def send(worker: BaseProcess, number: signal.Signals) -> None:
    print(f"main: sends {number.name}")
    os.kill(worker.pid, number)


def ended_by(worker: BaseProcess) -> str:
    worker.join()
    return signal.Signals(-worker.exitcode).name


def main() -> None:
    may = [
        f"{number.name} {may_be_handled(number)}"
        for number in (signal.SIGUSR1, signal.SIGKILL, signal.SIGSTOP)
    ]
    print(f"main: may be handled: {', '.join(may)}")
    for number, last in enumerate((signal.SIGTERM, signal.SIGKILL), 1):
        worker, from_worker = start(work, number)
        send(worker, signal.SIGUSR2)
        send(worker, signal.SIGUSR1)
        from_worker.recv_bytes()  # it has survived both
        send(worker, last)
        print(f"main: worker {number} was ended by {ended_by(worker)}")

    worker, _ = start(idle)
    send(worker, signal.SIGUSR2)
    print(f"main: worker 3 was ended by {ended_by(worker)}")


if __name__ == "__main__":
    main()
