"""A selector loop: one thread, epoll, and sockets that are ready."""

import select
import socket
import sys
from concurrent.futures import Future, ThreadPoolExecutor

NAMES = ("ann", "bob", "cid")
LONGEST = 20_000_000  # the longest answer, in bytes
PIECE = memoryview(bytes(8_000_000))  # more than the kernel takes at once

Address = tuple[str, int]


class Connection:
    def __init__(self, name: str, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.name = name
        self.socket = sock
        self.line = b""
        self.left_to_write = 0
        self.reads = 0
        self.writes = 0

    def asks(self) -> int:
        if self.left_to_write == 0:
            return select.EPOLLIN  # nothing to write
        return select.EPOLLOUT

    def go_on(self) -> bool:
        """Takes one step, which never blocks; false when the client left."""
        if self.left_to_write > 0:
            self.writes += 1
            return self.write()
        self.reads += 1
        try:
            data = self.socket.recv(64)
        except BlockingIOError:
            return True
        if not data:
            return False
        self.line += data
        # A piece of the stream may be a part of a request, or several.
        while len(self.line) >= 4:
            self.left_to_write += int.from_bytes(self.line[:4], "big")
            self.line = self.line[4:]
        return self.left_to_write <= LONGEST and self.write()

    def write(self) -> bool:
        try:
            self.left_to_write -= self.socket.send(PIECE[: self.left_to_write])
        except BlockingIOError:
            pass
        return True


def serve(listener: socket.socket) -> tuple[int, int]:
    """The loop: sleep until something is ready, and go on with just that."""
    listener.setblocking(False)
    open_by_fd: dict[int, Connection] = {}
    names = iter(NAMES)
    served = most_ready = 0
    with select.epoll() as epoll:
        epoll.register(listener, select.EPOLLIN)
        while served < len(NAMES):
            ready = epoll.poll()  # goes on by itself after a signal
            most_ready = max(most_ready, len(ready))
            for fd, _ in ready:
                if fd == listener.fileno():
                    while sock := accepted(listener):
                        one = Connection(next(names), sock)
                        epoll.register(sock, one.asks())
                        open_by_fd[sock.fileno()] = one
                    continue
                one = open_by_fd[fd]
                if one.go_on():
                    epoll.modify(fd, one.asks())
                    continue
                print(
                    f"loop: {one.name} left, woken {one.reads} times to read, "
                    f"{one.writes} to write"
                )
                del open_by_fd[fd]
                one.socket.close()  # closed, so epoll forgets it
                served += 1
    return served, most_ready


def accepted(listener: socket.socket) -> socket.socket | None:
    try:
        return listener.accept()[0]
    except (BlockingIOError, ConnectionAbortedError):
        return None


def ann_bob_and_cid(addr: Address, asked: Future[None]) -> None:
    def receive(client: socket.socket, size: int) -> None:
        while size > 0:
            piece = client.recv(min(size, 65_536))
            assert piece, "closed too early"
            size -= len(piece)

    def leave(client: socket.socket) -> None:
        client.shutdown(socket.SHUT_WR)
        assert not client.recv(1)  # the server closes in its turn
        client.close()

    ann, bob, cid = (socket.create_connection(addr) for _ in range(3))
    five, much = (size.to_bytes(4, "big") for size in (5, 16_000_000))
    ann.sendall(five)
    bob.sendall(much)
    print("clients: ann asks for 5 bytes, bob for 16000000, cid for none")
    asked.set_result(None)
    receive(ann, 5)
    print("clients: bob does not read, ann has 5 bytes")
    ann.sendall(five * 3)
    receive(ann, 15)
    print("clients: ann sends 3 requests in one piece, and has 15 bytes")
    leave(ann)
    receive(bob, 16_000_000)
    print("clients: bob has 16000000 bytes")
    leave(bob)
    cid.sendall(five)
    receive(cid, 5)
    print("clients: cid has 5 bytes")
    leave(cid)


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, epoll is Linux's own")
        return
    asked: Future[None] = Future()
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as thread,
    ):
        addr = listener.getsockname()
        clients = thread.submit(ann_bob_and_cid, addr, asked)
        asked.result()
        served, most_ready = serve(listener)
        clients.result()
    print(
        f"loop: {served} connections served, at most {most_ready} ready in "
        "one wait"
    )


if __name__ == "__main__":
    main()
