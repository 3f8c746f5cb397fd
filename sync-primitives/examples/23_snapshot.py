"""Snapshot: readers keep the version they took while the next one comes."""

import gc
import threading
import weakref
from dataclasses import dataclass


@dataclass(frozen=True)
class Server:
    host: str
    port: int


class Holder:
    def __init__(self, server: Server) -> None:
        self.server = server  # rebound, never changed


def careless(holder: Holder, turn: threading.Barrier) -> None:
    host = holder.server.host
    print(f"careless: looks up the host, {host}")
    turn.wait()  # main's turn
    turn.wait()
    port = holder.server.port
    print(f"careless: connects to {host}:{port}")


def careful(holder: Holder, turn: threading.Barrier) -> None:
    taken = holder.server
    print("careful: takes a snapshot")
    turn.wait()  # main's turn
    turn.wait()
    host, port = taken.host, taken.port
    print(f"careful: connects to {host}:{port}")


def main() -> None:
    holder = Holder(Server("one.example", 1000))
    old = weakref.ref(holder.server)
    print(f"main: publishes {holder.server.host}:{holder.server.port}")
    turn = threading.Barrier(3)
    readers = [
        threading.Thread(target=read, args=(holder, turn))
        for read in (careless, careful)
    ]
    for reader in readers:
        reader.start()
    turn.wait()
    holder.server = Server("two.example", 2000)
    print(f"main: publishes {holder.server.host}:{holder.server.port}")
    held = str(old() is not None).lower()
    print(f"main: somebody holds the old version: {held}")
    turn.wait()
    for reader in readers:
        reader.join()
    gc.collect()  # free-threaded builds may put it off until then
    held = str(old() is not None).lower()
    print(f"main: somebody holds the old version: {held}")
    now = holder.server
    print(f"main: a new snapshot is {now.host}:{now.port}")


if __name__ == "__main__":
    main()
