"""Servers that echo: `echo.py FORM` tells its port and serves until it is killed."""

import asyncio
import socketserver
import sys

from cores import spread


async def answer(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def serve(server):
    tell(server.sockets[0].getsockname())
    await server.serve_forever()


async def streams():
    await serve(await asyncio.start_server(answer, "127.0.0.1", 0))


async def protocol():
    loop = asyncio.get_running_loop()
    await serve(await loop.create_server(Echo, "127.0.0.1", 0))


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 500


def threads():
    with Server(("127.0.0.1", 0), Handler) as server:
        tell(server.server_address)
        server.serve_forever()


def tell(address):
    print(address[1], flush=True)


if __name__ == "__main__":
    spread(1)
    match sys.argv[1]:
        case "streams":
            asyncio.run(streams())
        case "protocol":
            asyncio.run(protocol())
        case "uvloop":
            try:
                import uvloop
            except ImportError:
                print("skip uvloop is not installed", flush=True)
            else:
                uvloop.run(streams())
        case "threads":
            threads()
