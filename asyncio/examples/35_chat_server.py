"""A chat server: rooms over WebSocket, and a member who does not listen."""

import asyncio
import base64
import hashlib
import os
import socket

OUTBOX = 16
LONGEST = 65_536
KEPT = 16_384  # what the kernel may keep of a connection, in bytes
ROUNDS = 10
BURST = 4
POSTS = 2 * ROUNDS * BURST
TEXT = 0x81  # the last frame of a message, and a text


class WebSocket:
    """The frames of RFC 6455, as far as texts need them."""

    def __init__(self, reader, writer, is_client: bool) -> None:
        self.reader = reader
        self.writer = writer
        self.is_client = is_client

    @classmethod
    async def accept(cls, reader, writer) -> tuple["WebSocket", str]:
        request = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        path = request[0].split()[1]
        headers = dict(line.split(": ", 1) for line in request[1:] if line)
        answer = accept_key(headers["Sec-WebSocket-Key"])
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n" % answer
        )
        return cls(reader, writer, is_client=False), path

    @classmethod
    async def connect(cls, reader, writer, path: str) -> "WebSocket":
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        response = await reader.readuntil(b"\r\n\r\n")
        if accept_key(key) not in response:
            raise ConnectionError("no WebSocket there")
        return cls(reader, writer, is_client=True)

    async def send(self, text: str) -> None:
        data = text.encode()
        size = len(data)
        masked = 0x80 if self.is_client else 0
        if size < 126:
            head = bytes([TEXT, masked | size])
        else:
            head = bytes([TEXT, masked | 126]) + size.to_bytes(2, "big")
        if self.is_client:
            mask = os.urandom(4)
            head, data = head + mask, xor(data, mask)
        self.writer.write(head + data)
        await self.writer.drain()

    async def receive(self) -> str | None:
        """The next text; none when the connection has ended."""
        try:
            kind, size = await self.reader.readexactly(2)
            masked, size = size & 0x80, size & 0x7F
            if size > 125:
                size = await self.reader.readexactly(2 if size == 126 else 8)
                size = int.from_bytes(size, "big")
            if kind != TEXT or size > LONGEST:
                return None
            mask = await self.reader.readexactly(4) if masked else b""
            data = await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, OSError):
            return None
        return (xor(data, mask) if masked else data).decode()


def accept_key(key: str) -> bytes:
    guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.b64encode(hashlib.sha1((key + guid).encode()).digest())


def xor(data: bytes, mask: bytes) -> bytes:
    mask = (mask * (len(data) // 4 + 1))[: len(data)]
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(mask, "big")
    return mixed.to_bytes(len(data), "big")


class Member:
    def __init__(self, name: str, connection: asyncio.Task) -> None:
        self.name = name
        self.outbox = asyncio.Queue(OUTBOX)
        self.connection = connection


class Rooms:
    def __init__(self) -> None:
        self.rooms: dict[str, list[Member]] = {}

    def join(self, room: str, member: Member) -> None:
        member.outbox.put_nowait("welcome")
        self.rooms.setdefault(room, []).append(member)

    def post(self, room: str, text: str) -> None:
        for member in self.rooms[room].copy():
            try:
                member.outbox.put_nowait(text)
            except asyncio.QueueFull:
                print(
                    f"server: {member.name} is put out of {room}, "
                    f"{OUTBOX} messages behind"
                )
                self.leave(room, member)
                member.connection.cancel()

    def leave(self, room: str, member: Member) -> None:
        if member in self.rooms.get(room, []):
            self.rooms[room].remove(member)
            if not self.rooms[room]:
                del self.rooms[room]

    async def attend(self, reader, writer) -> None:
        """One connection, from the handshake to its end."""
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KEPT)
        writer.transport.set_write_buffer_limits(high=0)
        web, path = await WebSocket.accept(reader, writer)
        _, room, name = path.split("/")
        member = Member(name, asyncio.current_task())
        self.join(room, member)
        writing = asyncio.create_task(self.empty(member.outbox, web))
        try:
            while (text := await web.receive()) is not None:
                self.post(room, text)
        except asyncio.CancelledError:
            pass  # put out
        finally:
            writing.cancel()
            self.leave(room, member)
            writer.transport.abort()

    async def empty(self, outbox: asyncio.Queue, web: WebSocket) -> None:
        while True:
            await web.send(await outbox.get())


async def connect(addr: tuple[str, int], room: str, name: str) -> WebSocket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KEPT)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, addr)
    streams = await asyncio.open_connection(sock=sock, limit=KEPT)
    web = await WebSocket.connect(*streams, f"/{room}/{name}")
    assert await web.receive() == "welcome"
    return web


async def talk(addr, name: str, together: asyncio.Barrier) -> list[tuple]:
    """Joins rust, posts (all but cid), and reads what everybody posts."""
    web = await connect(addr, "rust", name)
    seen = []
    for round in range(ROUNDS):
        await together.wait()  # all have joined, or read the round before
        if name != "cid":
            for number in range(round * BURST, (round + 1) * BURST):
                await web.send(f"{name} {number} " + "x" * KEPT)
        for _ in range(2 * BURST):
            sender, number, _ = (await web.receive()).split()
            seen.append((sender, int(number)))
    web.writer.close()
    return seen


async def ann_and_the_others(addr: tuple[str, int]) -> None:
    slow = await connect(addr, "rust", "slow")
    dan = await connect(addr, "python", "dan")
    together = asyncio.Barrier(3)
    names = ("ann", "bob", "cid")
    seen = await asyncio.gather(*(talk(addr, name, together) for name in names))
    for name, posts in zip(names, seen):
        in_order = all(
            [number for sender, number in posts if sender == one]
            == list(range(ROUNDS * BURST))
            for one in ("ann", "bob")
        )
        order = "each sender's in order" if in_order else "mixed"
        print(f"{name}: {len(posts)} messages, {order}")
    if seen[0] == seen[1] == seen[2]:
        print("main: ann, bob and cid saw the same order")

    count = 0
    while count < POSTS and await slow.receive() is not None:
        count += 1
    print(f"slow: {count} of {POSTS} messages, and then the end")
    await dan.send("is anybody here?")
    print(f"dan: the first message in python: {await dan.receive()}")
    for web in (slow, dan):
        web.writer.close()


async def main() -> None:
    server = await asyncio.start_server(Rooms().attend, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        print(f"server: listening on {host}:{port}")
        await ann_and_the_others((host, port))
    print("server: stopped")


if __name__ == "__main__":
    asyncio.run(main())
