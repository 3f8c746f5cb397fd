"""An echo server by callbacks: made, received, lost."""

import asyncio


class EchoServer(asyncio.Protocol):
    def connection_made(self, transport) -> None:
        host, port = transport.get_extra_info("peername")
        print(f"server: connection from {host}:{port}")
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        print(f'server: received "{data.decode()}"')
        print("server: sends it back and closes")
        self.transport.write(data)
        self.transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        print("server: connection lost")


class EchoClient(asyncio.Protocol):
    def __init__(self, on_lost: asyncio.Future) -> None:
        self.on_lost = on_lost

    def connection_made(self, transport) -> None:
        host, port = transport.get_extra_info("sockname")
        print(f"client: connected from {host}:{port}")
        print('client: sends "Hello World!"')
        transport.write(b"Hello World!")

    def data_received(self, data: bytes) -> None:
        print(f'client: received "{data.decode()}"')

    def connection_lost(self, _error: Exception | None) -> None:
        print("client: connection lost")
        self.on_lost.set_result(None)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(EchoServer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        print(f"server: listening on {host}:{port}")
        lost = loop.create_future()
        await loop.create_connection(lambda: EchoClient(lost), host, port)
        await lost
    print("main: done")


if __name__ == "__main__":
    asyncio.run(main())
