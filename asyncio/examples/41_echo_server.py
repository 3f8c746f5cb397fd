"""An echo server by callbacks: made, received, lost."""

import asyncio
import itertools

PATIENCE = 60.0
LONG = 5.0  # far more than the clients take
MOST_CONNECTIONS = 1000


class Counts:
    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.open = self.most = self.most_unsent = 0
        self.full = asyncio.Event()
        self.all_lost = asyncio.Event()


class EchoServer(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.number = next(counts.numbers)
        self.echoed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.counts.open += 1
        self.counts.most = max(self.counts.most, self.counts.open)
        host, port = transport.get_extra_info("peername")
        print(f"connection {self.number}: made, from {host}:{port}")
        self.limit_time()
        if self.counts.open > MOST_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.echoed == 0:
            print(f'connection {self.number}: received "{data.decode()}"')
        self.transport.write(data)
        self.echoed += len(data)
        unsent = self.transport.get_write_buffer_size()
        self.counts.most_unsent = max(self.counts.most_unsent, unsent)
        self.limit.cancel()
        self.limit_time()

    def pause_writing(self) -> None:
        self.transport.pause_reading()
        if not self.counts.full.is_set():
            print(f"connection {self.number}: too much is unsent, stops reading")
            self.counts.full.set()  # bob waits for it

    def resume_writing(self) -> None:
        self.transport.resume_reading()

    def eof_received(self) -> None:
        print(f"connection {self.number}: the client has finished")

    def connection_lost(self, error: Exception | None) -> None:
        self.limit.cancel()
        self.counts.open -= 1
        if self.counts.open == 0:
            self.counts.all_lost.set()
        why = f", {error}" if error else ""
        print(f"connection {self.number}: lost, {self.echoed} bytes echoed{why}")

    def limit_time(self) -> None:
        loop = asyncio.get_running_loop()
        self.limit = loop.call_later(PATIENCE, self.transport.abort)


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def ann(streams: Streams, together: asyncio.Barrier) -> None:
    await say_hello("ann", *streams)
    await together.wait()  # both connections are open
    reader, writer = streams
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    print("ann: closed")


async def bob(
    streams: Streams, together: asyncio.Barrier, full: asyncio.Event
) -> None:
    await say_hello("bob", *streams)
    await together.wait()
    reader, writer = streams

    async def read() -> int:
        await full.wait()  # the connection is
        for _ in range(1000):
            await asyncio.sleep(0)  # time enough to fill more
        print("bob: begins to read")
        received = 0
        while piece := await reader.read(65_536):
            received += len(piece)
        return received

    print("bob: sends 16000000 bytes more and does not read")
    writer.write(b"x" * 16_000_000)
    writer.write_eof()
    _, received = await asyncio.gather(writer.drain(), read())
    print(f"bob: received {received} bytes")
    writer.close()
    await writer.wait_closed()
    print("bob: closed")


async def say_hello(
    name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    host, port = writer.get_extra_info("sockname")
    print(f"{name}: connected from {host}:{port}")
    print(f'{name}: sends "Hello World!"')
    writer.write(b"Hello World!")
    await writer.drain()
    print(f'{name}: received "{(await reader.readexactly(12)).decode()}"')


async def main() -> None:
    loop = asyncio.get_running_loop()
    counts = Counts()
    server = await loop.create_server(
        lambda: EchoServer(counts), "127.0.0.1", 0, backlog=1024
    )
    async with server:
        host, port = server.sockets[0].getsockname()
        print(f"server: listening on {host}:{port}")
        first = await asyncio.open_connection(host, port)
        second = await asyncio.open_connection(host, port)
        together = asyncio.Barrier(2)
        async with asyncio.timeout(LONG), asyncio.TaskGroup() as clients:
            clients.create_task(ann(first, together))
            clients.create_task(bob(second, together, counts.full))
        await counts.all_lost.wait()
    print(
        f"server: at most {counts.most} connections and "
        f"{counts.most_unsent} bytes unsent"
    )


if __name__ == "__main__":
    asyncio.run(main())
