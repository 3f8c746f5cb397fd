"""A proactor loop: start the operation first, be told when it is done."""

import queue
import socket
import threading
from dataclasses import dataclass

BUFFER = 64


@dataclass
class Done:
    name: str
    op: str
    buffer: bytearray
    count: int


class Threads:
    """Completes each operation by a thread; io_uring would need none."""

    def __init__(self) -> None:
        self.posted = queue.SimpleQueue()

    def start(
        self, name: str, op: str, sock: socket.socket, buffer: bytearray
    ) -> None:
        def run() -> None:
            call = sock.recv_into if op == "read" else sock.send
            self.posted.put(Done(name, op, buffer, call(buffer)))

        threading.Thread(target=run).start()

    def wait(self) -> Done:
        return self.posted.get()


def loop(listener: socket.socket, may_send: threading.Event) -> None:
    engine = Threads()
    print("loop: completions by threads, io_uring: not in the standard library")
    sockets = {}
    for name in ("ann", "bob", "cid"):
        sockets[name] = listener.accept()[0]
        engine.start(name, "read", sockets[name], bytearray(BUFFER))
    print("loop: 3 reads under way, nothing was sent yet")
    may_send.set()
    while sockets:
        done = engine.wait()
        name, sock = done.name, sockets[done.name]
        if done.op == "read" and done.count == 0:
            print(f"loop: {name} has left")
            sockets.pop(name).close()
        elif done.op == "read":
            del done.buffer[done.count :]
            print(f"loop: {name}'s read is done: {done.buffer.decode()}")
            engine.start(name, "write", sock, done.buffer)
        elif done.count < len(done.buffer):
            engine.start(name, "write", sock, done.buffer[done.count :])
        else:
            engine.start(name, "read", sock, bytearray(BUFFER))


def cid_ann_and_bob(
    addr: tuple[str, int], may_send: threading.Event, echoes: list[bool]
) -> None:
    ann, bob, cid = (socket.create_connection(addr) for _ in range(3))
    may_send.wait()
    for name, client in (("cid", cid), ("ann", ann), ("bob", bob)):
        sent = f"{name} is in".encode()
        with client:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            echo = b""
            while piece := client.recv(BUFFER):
                echo += piece
        echoes.append(echo == sent)


def main() -> None:
    may_send, echoes = threading.Event(), []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        clients = threading.Thread(
            target=cid_ann_and_bob,
            args=(listener.getsockname(), may_send, echoes),
        )
        clients.start()
        loop(listener, may_send)
        clients.join()
    print(f"main: {sum(echoes)} echoes came back whole")


if __name__ == "__main__":
    main()
