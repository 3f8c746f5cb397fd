"""Servers that send back what they get."""

import asyncio
import socketserver

import serving


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


async def protocol():
    loop = asyncio.get_running_loop()
    await serving.serve(await loop.create_server(Echo, "127.0.0.1", 0))


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)


if __name__ == "__main__":
    serving.main(
        streams=lambda: asyncio.run(serving.streams(answer)),
        protocol=lambda: asyncio.run(protocol()),
        uvloop=lambda: serving.uvloop(lambda: serving.streams(answer)),
        threads=lambda: serving.threads(socketserver.ThreadingTCPServer, Handler),
    )
