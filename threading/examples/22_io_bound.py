"""I/O-bound work: four waits in four threads are one wait."""

import socket
import threading
import time


def serve(peers: "list[socket.socket]", at_once: int) -> None:
    for first in range(0, len(peers), at_once):
        batch = peers[first : first + at_once]
        for peer in batch:
            peer.recv(1)
        print(f"server: {len(batch)} in hand, none answered")
        time.sleep(0.02)
        for peer in batch:
            peer.send(b"!")


def ask(client: socket.socket) -> None:
    client.send(b"?")
    client.recv(1)


def connect(at_once: int) -> "tuple[list[socket.socket], threading.Thread]":
    """Four connections, and the server that holds their other ends."""
    clients, peers = zip(*(socket.socketpair() for _ in range(4)))
    server = threading.Thread(target=serve, args=(peers, at_once))
    server.start()
    return clients, server


def main() -> None:
    print("main: one thread")
    clients, server = connect(1)
    start = time.monotonic()
    for client in clients:
        ask(client)
    print(f"main: took {(time.monotonic() - start) * 1e3:.1f} ms")
    server.join()

    print("main: four threads")
    clients, server = connect(4)
    start = time.monotonic()
    askers = [threading.Thread(target=ask, args=(c,)) for c in clients]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    print(f"main: took {(time.monotonic() - start) * 1e3:.1f} ms")
    server.join()


if __name__ == "__main__":
    main()
