"""Two loops: a lock and a connection that belong to the first."""

import asyncio
import socket

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

LONG = 5.0


async def two_tasks(which: str, lock: asyncio.Lock) -> None:
    """Bob has to wait, as ann keeps the lock over an await."""

    async def hold(name: str) -> None:
        try:
            async with lock:
                print(f"{which} loop: {name} has the lock")
                await asyncio.sleep(0)
        except RuntimeError as error:
            print(f"{which} loop: {name} fails: {error}")

    await asyncio.gather(hold("ann"), hold("bob"))


async def read(streams: Streams) -> str:
    async with asyncio.timeout(LONG):
        return (await streams[0].readexactly(3)).decode()


async def first(
    lock: asyncio.Lock, plain: socket.socket, other_end: socket.socket
) -> Streams:
    await two_tasks("first", lock)
    streams = await asyncio.open_connection(sock=plain.dup())
    other_end.sendall(b"one")
    print(f"first loop: the connection says {await read(streams)}")
    return streams


async def second(
    lock: asyncio.Lock,
    plain: socket.socket,
    other_end: socket.socket,
    streams: Streams,
) -> None:
    await two_tasks("second", lock)
    try:
        print(f"second loop: the connection says {await read(streams)}")
    except RuntimeError as error:
        print(f"second loop: the connection fails: {error}")

    lock = asyncio.Lock()  # of this loop
    await two_tasks("second", lock)
    streams = await asyncio.open_connection(sock=plain.dup())  # here
    other_end.sendall(b"two")
    print(f"second loop: the connection says {await read(streams)}")
    streams[1].close()
    await streams[1].wait_closed()


def main() -> None:
    lock = asyncio.Lock()
    plain, other_end = socket.socketpair()
    with plain, other_end:
        streams = asyncio.run(first(lock, plain, other_end))
        asyncio.run(second(lock, plain, other_end, streams))


if __name__ == "__main__":
    main()
