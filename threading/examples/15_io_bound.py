"""I/O-bound work: four waits in four threads are one wait."""

import contextlib
import socket
import threading
import time
from collections.abc import Sequence

WAIT = 0.02


def serve(peers: Sequence[socket.socket], batches: Sequence[int]) -> None:
    """Takes as many questions in hand as the batch says, waits, answers."""
    first = 0
    for at_once in batches:
        batch = peers[first : first + at_once]
        for peer in batch:
            peer.recv(1)
        wait = f"{WAIT * 1000:.0f} ms"
        print(f"server: {len(batch)} in hand, none answered for {wait}")
        time.sleep(WAIT)
        for peer in batch:
            peer.sendall(b"!")
        first = (first + at_once) % len(peers)


def ask(client: socket.socket) -> None:
    client.sendall(b"?")
    client.recv(1)


def took(start: float) -> None:
    print(f"main: took {(time.perf_counter() - start) * 1e3:.1f} ms")


def main() -> None:
    pairs = [socket.socketpair() for _ in range(4)]
    with contextlib.ExitStack() as stack:
        for end in sum(pairs, ()):
            stack.enter_context(end)
        clients, peers = zip(*pairs, strict=True)
        server = threading.Thread(target=serve, args=(peers, (1, 1, 1, 1, 4)))
        server.start()

        print(f"main: one thread, {len(clients)} questions")
        start = time.perf_counter()
        for client in clients:
            ask(client)
        took(start)

        print(f"main: {len(clients)} threads, {len(clients)} questions")
        start = time.perf_counter()
        askers = [threading.Thread(target=ask, args=(c,)) for c in clients]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        took(start)
        server.join()


if __name__ == "__main__":
    main()
