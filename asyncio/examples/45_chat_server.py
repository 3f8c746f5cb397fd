"""A chat server: rooms over WebSocket, and a member who does not listen."""

import asyncio
import base64
import hashlib
import os
import re
import socket

OUTBOX = 16
LONGEST = 65_536
MOST_CONNECTIONS = 1000
PATIENCE = 60.0
LINGER = 1.0  # for the other side to close as well
LONG = 5.0  # far more than a client has to wait
KEPT = 16_384  # what the kernel may keep of a connection, in bytes
ROUNDS = 10
BURST = 4
POSTS = 2 * ROUNDS * BURST
FINAL = 0x80  # the last frame of a message
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
AWAY, PROTOCOL_ERROR, UNSUPPORTED, NOT_UTF8, TOO_BIG = (
    1001,
    1002,
    1003,
    1007,
    1009,
)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Address = tuple[str, int]


class Violation(Exception):
    """Something that the connection is closed for, with a code."""


class WebSocket:
    """The frames of RFC 6455, as far as short texts need them."""

    def __init__(self, streams: Streams, is_client: bool) -> None:
        self.reader, self.writer = streams
        self.is_client = is_client

    async def accept(self) -> tuple[str, str]:
        """Room and name, from the path that the client asks for."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        request, *lines = head.decode().split("\r\n")
        fields = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in fields}
        key = headers.get("sec-websocket-key")
        word = "([A-Za-z0-9]{1,32})"
        place = re.fullmatch(f"GET /{word}/{word} HTTP/1.1", request)
        if key is None or place is None:
            self.writer.write(b"HTTP/1.1 404 Not Found\r\n\r\n")
            await self.writer.drain()
            raise ConnectionError("no such place")
        self.writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
            % accept_key(key)
        )
        return place[1], place[2]

    async def ask_for(self, path: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        response = await self.reader.readuntil(b"\r\n\r\n")
        if accept_key(key) not in response:
            status = response.split(b"\r\n")[0].decode().partition(" ")[2]
            raise ConnectionError(status)

    async def send(self, kind: int, data: bytes) -> None:
        self.writer.write(self.frame(kind, data))
        await self.writer.drain()

    def frame(self, kind: int, data: bytes) -> bytes:
        size = len(data)
        masked = 0x80 if self.is_client else 0
        if size < 126:
            head = bytes([FINAL | kind, masked | size])
        elif size < 65_536:
            head = bytes([FINAL | kind, masked | 126]) + size.to_bytes(2, "big")
        else:
            head = bytes([FINAL | kind, masked | 127]) + size.to_bytes(8, "big")
        if self.is_client:
            mask = os.urandom(4)
            head, data = head + mask, xor(data, mask)
        return head + data

    async def say(self, text: str) -> None:
        await self.send(TEXT, text.encode())

    async def close(self, code: int) -> None:
        await self.send(CLOSE, code.to_bytes(2, "big"))

    async def receive(self) -> tuple[int, bytes]:
        """The next frame: its kind, and what is in it."""
        first, size = await self.reader.readexactly(2)
        masked, size = size & 0x80, size & 0x7F
        if size > 125:
            more = await self.reader.readexactly(2 if size == 126 else 8)
            size = int.from_bytes(more, "big")
        if first & FINAL == 0:
            raise Violation(UNSUPPORTED)
        if bool(masked) == self.is_client:
            raise Violation(PROTOCOL_ERROR)
        if size > LONGEST:
            raise Violation(TOO_BIG)
        mask = await self.reader.readexactly(4) if masked else bytes(4)
        return first & 0xF, xor(await self.reader.readexactly(size), mask)

    async def hear(self) -> str | None:
        """The next text; none when the connection has ended."""
        while True:
            try:
                async with asyncio.timeout(LONG if self.is_client else PATIENCE):
                    kind, data = await self.receive()
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
            if kind == TEXT:
                try:
                    return data.decode()
                except UnicodeDecodeError:
                    raise Violation(NOT_UTF8) from None
            if kind == CLOSE:
                if self.is_client:
                    raise Violation(int.from_bytes(data[:2], "big"))
                await self.send(CLOSE, data[:2])
                return None
            if kind == PING:
                await self.send(PONG, data)
            elif kind != PONG:
                raise Violation(UNSUPPORTED)


def accept_key(key: str) -> bytes:
    guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.b64encode(hashlib.sha1((key + guid).encode()).digest())


def xor(data: bytes, mask: bytes) -> bytes:
    mask = (mask * (len(data) // 4 + 1))[: len(data)]
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(mask, "big")
    return mixed.to_bytes(len(data), "big")


class Member:
    def __init__(self, name: str) -> None:
        self.name = name
        self.outbox: asyncio.Queue[str] = asyncio.Queue(OUTBOX)
        self.put_out = asyncio.Event()


class Rooms:
    def __init__(self) -> None:
        self.rooms: dict[str, list[Member]] = {}
        self.connections: set[asyncio.Task[None]] = set()
        self.ending = asyncio.Event()

    def join(self, room: str, name: str) -> Member:
        member = Member(name)
        member.outbox.put_nowait("welcome")
        self.rooms.setdefault(room, []).append(member)
        return member

    def post(self, room: str, text: str) -> None:
        for member in self.rooms.get(room, []).copy():
            try:
                member.outbox.put_nowait(text)
            except asyncio.QueueFull:
                behind = member.outbox.qsize()
                print(
                    f"server: {member.name} is put out of {room}, "
                    f"{behind} messages behind"
                )
                self.leave(room, member)
                member.put_out.set()

    def leave(self, room: str, member: Member) -> None:
        members = self.rooms.get(room, [])
        if member in members:
            members.remove(member)
            if not members:
                del self.rooms[room]

    async def serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KEPT)
        writer.transport.set_write_buffer_limits(high=0)
        web = WebSocket((reader, writer), is_client=False)
        try:
            if len(self.connections) <= MOST_CONNECTIONS:
                await self.attend(web)
        except Violation as violation:
            await close(web, violation.args[0])
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            pass  # too slow, or gone, or no WebSocket
        finally:
            writer.transport.abort()
            self.connections.remove(task)

    async def attend(self, web: WebSocket) -> None:
        """One connection, from the handshake to its end."""
        async with asyncio.timeout(PATIENCE):
            room, name = await web.accept()
        member = self.join(room, name)
        parts = [
            asyncio.create_task(part)
            for part in (
                self.read(room, web),
                self.write(member.outbox, web),
                member.put_out.wait(),
                self.end(),
            )
        ]
        try:
            await first_of(parts)
        finally:
            self.leave(room, member)

    async def end(self) -> None:
        await self.ending.wait()
        raise Violation(AWAY)

    async def read(self, room: str, web: WebSocket) -> None:
        while (text := await web.hear()) is not None:
            self.post(room, text)
            await asyncio.sleep(0)  # the writers' turn

    async def write(self, outbox: asyncio.Queue[str], web: WebSocket) -> None:
        while True:
            try:
                async with asyncio.timeout(PATIENCE / 2):
                    kind, text = TEXT, await outbox.get()
            except TimeoutError:
                kind, text = PING, ""
            async with asyncio.timeout(PATIENCE):
                await web.send(kind, text.encode())


async def first_of(tasks: list[asyncio.Task]) -> None:
    """Waits for the first of them, and raises its error; ends the others."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        first = next(task for task in tasks if task.done())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    first.result()


async def close(web: WebSocket, code: int) -> None:
    """Says why, and reads what is still under way: else a reset loses it."""
    try:
        async with asyncio.timeout(LINGER):
            await web.close(code)
            web.writer.write_eof()
            while await web.reader.read(KEPT):
                pass
    except OSError:
        pass  # it has had its time, or is gone


async def connect(addr: Address, path: str) -> WebSocket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KEPT)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, addr)
    streams = await asyncio.open_connection(sock=sock, limit=KEPT)
    web = WebSocket(streams, is_client=True)
    try:
        await web.ask_for(path)
        assert await web.hear() == "welcome"
    except BaseException:
        web.writer.close()
        raise
    return web


async def leave(web: WebSocket) -> None:
    await web.close(1000)
    while await web.reader.read(KEPT):
        pass
    web.writer.close()
    await web.writer.wait_closed()


async def talk(
    addr: Address, name: str, together: asyncio.Barrier
) -> list[tuple[str, int]]:
    """Joins rust, posts (all but cid), and reads what everybody posts."""
    web = await connect(addr, f"/rust/{name}")
    seen = []
    for round in range(ROUNDS):
        await together.wait()  # all have joined, or read the round before
        if name != "cid":
            for number in range(round * BURST, (round + 1) * BURST):
                await web.say(f"{name} {number} " + "x" * KEPT)
        for _ in range(2 * BURST):
            text = await web.hear()
            assert text is not None, "put out"
            sender, number, _ = text.split()
            seen.append((sender, int(number)))
    await leave(web)
    return seen


async def chat(addr: Address) -> asyncio.Task[None]:
    slow = await connect(addr, "/rust/slow")
    dan = await connect(addr, "/python/dan")
    together = asyncio.Barrier(3)
    names = ("ann", "bob", "cid")
    seen = await asyncio.gather(*(talk(addr, name, together) for name in names))
    for name, posts in zip(names, seen, strict=True):
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
    while count < POSTS and await slow.hear() is not None:
        count += 1
    slow.writer.close()
    print(f"slow: {count} of {POSTS} messages, and then the end")
    await dan.say("is anybody here?")
    print(f"dan: the first message in python: {await dan.hear()}")
    for number in range(40):
        dan.writer.write(dan.frame(TEXT, str(number).encode()))
    came_back = 0
    while came_back < 40 and await dan.hear() == str(came_back):
        came_back += 1
    print(f"dan: 40 messages in one go, {came_back} came back")

    try:
        await connect(addr, "/rust")
        print("eve: /rust: let in")
    except ConnectionError as refused:
        print(f"eve: /rust: {refused}")
    eve = await connect(addr, "/rust/eve")
    try:
        head = bytes([FINAL | TEXT, 0xFF]) + (70_000).to_bytes(8, "big")
        eve.writer.write(head + bytes(4))  # and the mask
        print(f"eve: announces 70000 bytes: answered with {await eve.hear()}")
    except Violation as violation:
        print(f"eve: announces 70000 bytes: closed with {violation}")
    eve.writer.close()
    return asyncio.create_task(stay(dan))


async def stay(dan: WebSocket) -> None:
    try:
        print(f"dan: stays, and hears {await dan.hear()}")
    except Violation as violation:
        print(f"dan: stays, until he is closed with {violation}")
    dan.writer.close()
    await dan.writer.wait_closed()


async def main() -> None:
    rooms = Rooms()
    server = await asyncio.start_server(
        rooms.serve_client, "127.0.0.1", 0, limit=KEPT, backlog=1024
    )
    async with server:
        host, port = server.sockets[0].getsockname()
        print(f"server: listening on {host}:{port}")
        staying = await chat((host, port))
        server.close()
        rooms.ending.set()
        _, late = await asyncio.wait(
            {staying, *rooms.connections}, timeout=2 * LINGER
        )
        for connection in late:
            connection.cancel()
    staying.result()
    print(f"server: stopped, {len(rooms.rooms)} rooms left")


if __name__ == "__main__":
    asyncio.run(main())
