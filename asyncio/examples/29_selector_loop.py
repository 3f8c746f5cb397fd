"""A selector loop: one thread, epoll, and sockets that are ready."""

import select
import socket
import sys
import threading

LONGEST_LINE = 100
PIECE = b"x" * 65_536


class Connection:
    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.socket = sock
        self.name = ""
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
            data = self.socket.recv(LONGEST_LINE)
        except BlockingIOError:
            return True
        if not data:
            return False
        self.line += data
        if not self.line.endswith(b"\n"):
            return len(self.line) < LONGEST_LINE
        self.name, _, size = self.line.decode(errors="replace").partition(" ")
        self.left_to_write = int(size)
        self.line = b""
        return self.write()

    def write(self) -> bool:
        try:
            self.left_to_write -= self.socket.send(PIECE[: self.left_to_write])
        except BlockingIOError:
            pass
        return True


def serve(listener: socket.socket, connections: int) -> None:
    """The loop: sleep until something is ready, and go on with just that."""
    epoll = select.epoll()
    epoll.register(listener, select.EPOLLIN)
    listener.setblocking(False)
    connection_by_fd = {}
    served = 0
    while served < connections:
        for fd, _ in epoll.poll():
            if fd == listener.fileno():
                connection = Connection(listener.accept()[0])
                epoll.register(connection.socket, connection.asks())
                connection_by_fd[connection.socket.fileno()] = connection
                continue
            one = connection_by_fd[fd]
            if one.go_on():
                epoll.modify(fd, one.asks())
                continue
            print(
                f"loop: {one.name} left, woken {one.reads} times to read, "
                f"{one.writes} to write"
            )
            del connection_by_fd[fd]
            one.socket.close()  # closed, so epoll forgets it
            served += 1
    epoll.close()


def ann_bob_and_cid(addr: tuple[str, int]) -> None:
    def ask(client: socket.socket, line: bytes, size: int) -> None:
        client.sendall(line)
        assert len(client.recv(size, socket.MSG_WAITALL)) == size

    def leave(client: socket.socket) -> None:
        client.shutdown(socket.SHUT_WR)
        client.recv(1)  # the server closes in its turn
        client.close()

    ann, bob, cid = (socket.create_connection(addr) for _ in range(3))
    bob.sendall(b"bob 16000000\n")
    print("clients: bob asks for 16000000 bytes and does not read")
    for _ in range(3):
        ask(ann, b"ann 5\n", 5)
    print("clients: ann has 3 answers")
    leave(ann)
    ask(bob, b"", 16_000_000)
    print("clients: bob has 16000000 bytes")
    leave(bob)
    ask(cid, b"cid 5\n", 5)
    print("clients: cid has 1 answer")
    leave(cid)


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, epoll is Linux's own")
        return
    with socket.create_server(("127.0.0.1", 0)) as listener:
        addr = listener.getsockname()
        clients = threading.Thread(target=ann_bob_and_cid, args=(addr,))
        clients.start()
        serve(listener, 3)
        clients.join()
    print("main: 3 connections served by 1 thread")


if __name__ == "__main__":
    main()
