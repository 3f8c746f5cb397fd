"""A proactor loop: start the operation first, be told when it is done."""

import queue
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

BUFFER = 64

Address = tuple[str, int]


@dataclass
class Operation:
    name: str
    kind: str
    buffer: bytearray
    count: int = 0


class Threads:
    """Completes each operation by a thread; io_uring would need none."""

    def __init__(self) -> None:
        self.posted: queue.SimpleQueue[Operation | OSError] = queue.SimpleQueue()
        self.in_flight = 0

    def start(self, begun: Operation, sock: socket.socket) -> None:
        def run() -> None:
            call = sock.recv_into if begun.kind == "read" else sock.send
            try:
                begun.count = call(begun.buffer)
            except OSError as error:
                self.posted.put(error)
            else:
                self.posted.put(begun)

        threading.Thread(target=run).start()
        self.in_flight += 1

    def wait(self) -> Operation:
        done = self.posted.get()
        self.in_flight -= 1
        if isinstance(done, OSError):
            raise done
        return done


def read(name: str) -> Operation:
    return Operation(name, "read", bytearray(BUFFER))


def bytes_to_read(sock: socket.socket) -> int:
    """How many bytes a selector would now report as ready."""
    try:
        look = socket.MSG_PEEK | socket.MSG_DONTWAIT
        return len(sock.recv(BUFFER, look))
    except BlockingIOError:
        return 0


def loop(listener: socket.socket, cid_sends: Callable[[], None]) -> None:
    engine = Threads()
    print("loop: completions by threads, io_uring: not in the standard library")
    sockets = {name: listener.accept()[0] for name in ("ann", "bob", "cid")}
    there = 0
    for name, sock in sockets.items():
        there += bytes_to_read(sock)
        engine.start(read(name), sock)
    print(
        f"loop: {engine.in_flight} reads under way, "
        f"started with {there} bytes to read"
    )
    cid_sends()  # not before
    while sockets:
        done = engine.wait()
        name, sock = done.name, sockets[done.name]
        if done.kind == "read" and done.count == 0:
            print(f"loop: {name} has left")
            sockets.pop(name).close()
        elif done.kind == "read":
            del done.buffer[done.count :]
            print(
                f"loop: {name}'s read is done: {done.buffer.decode()}, "
                f"{bytes_to_read(sock)} bytes left to read"
            )
            engine.start(Operation(name, "write", done.buffer), sock)
        elif done.count < len(done.buffer):
            rest = done.buffer[done.count :]
            engine.start(Operation(name, "write", rest), sock)
        else:
            engine.start(read(name), sock)


def clients(
    addr: Address, may_send: threading.Event, sent: threading.Event
) -> int:
    ann, bob, cid = (socket.create_connection(addr) for _ in range(3))
    may_send.wait()
    echoes = 0
    for name, client in (("cid", cid), ("ann", ann), ("bob", bob)):
        text = f"{name} is in".encode()
        with client:
            client.sendall(text)
            if name == "cid":
                sent.set()
            echo = b""
            while len(echo) < len(text) and (piece := client.recv(BUFFER)):
                echo += piece
            client.shutdown(socket.SHUT_WR)
            echoes += echo == text and client.recv(1) == b""
    return echoes


def main() -> None:
    may_send, sent = threading.Event(), threading.Event()

    def cid_sends() -> None:
        may_send.set()
        sent.wait()

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as thread,
    ):
        addr = listener.getsockname()
        echoes = thread.submit(clients, addr, may_send, sent)
        loop(listener, cid_sends)
        print(f"loop: {echoes.result()} echoes came back whole")


if __name__ == "__main__":
    main()
