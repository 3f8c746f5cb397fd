"""An evaluation server: each line an expression, until `quit`."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

LONGEST = 65_536
DEEPEST = 100
MOST_CONNECTIONS = 1000
LONG = 5.0  # far more than a client has to wait

Address = tuple[str, int]


async def main() -> None:
    await serve(60.0, ann_and_bob)
    await serve(0.02, cid)


async def serve(
    patience: float, clients: Callable[[Address], Awaitable[None]]
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        listener.setblocking(False)
        host, port = listener.getsockname()
        print(f"server: listening on {host}:{port}")
        serving = asyncio.create_task(accept(listener, patience))
        await clients((host, port))
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    print("server: stopped")


async def accept(listener: socket.socket, patience: float) -> None:
    """The accept loop: a place first, and then whoever takes it."""
    loop = asyncio.get_running_loop()
    places = asyncio.Semaphore(MOST_CONNECTIONS)
    async with asyncio.TaskGroup() as connections:
        while True:
            await places.acquire()
            try:
                client, _ = await loop.sock_accept(listener)
            except OSError:  # out of descriptors: some clients will leave
                places.release()
                await asyncio.sleep(0.1)
                continue
            task = connections.create_task(answer_lines(client, patience))
            task.add_done_callback(lambda _: places.release())


async def answer_lines(client: socket.socket, patience: float) -> None:
    reader, writer = await asyncio.open_connection(sock=client, limit=LONGEST)
    try:
        while True:
            async with asyncio.timeout(patience):  # to read
                line = await read_line(reader)
            if not line or line.strip() == b"quit":
                return
            try:
                answer = str(evaluate(line.strip()))
            except (ValueError, ArithmeticError) as error:
                answer = f"error: {error}"
            writer.write(answer.encode() + b"\n")
            async with asyncio.timeout(patience):
                await writer.drain()
    except OSError:
        pass  # too slow, or gone
    finally:
        writer.close()


async def read_line(reader: asyncio.StreamReader) -> bytes:
    """Reads a line, but keeps no more of it than shows that it is too long."""
    line = b""
    while True:
        try:
            return line + await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as end:
            return line + end.partial  # the last line may lack its newline
        except asyncio.LimitOverrunError as overrun:
            line += await reader.readexactly(overrun.consumed)
            line = line[: LONGEST + 1]


def evaluate(line: bytes) -> int:
    if len(line) > LONGEST:
        raise ValueError(f"longer than {LONGEST} bytes")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    rest = Expression(text)
    value = rest.sum()
    if extra := rest.next():
        raise unexpected(extra)
    return value


class Expression:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def sum(self) -> int:
        value = self.product()
        while sign := self.next_if_one_of("+-"):
            operand = self.product()
            if sign == "-":
                operand = -operand
            value = in_64_bits(value + operand)
        return value

    def product(self) -> int:
        value = self.operand()
        while sign := self.next_if_one_of("*/"):
            operand = self.operand()
            if sign == "*":
                value = in_64_bits(value * operand)
            elif operand == 0:
                raise ArithmeticError("division by zero")
            else:  # towards zero, where Python's // goes down
                quotient = abs(value) // abs(operand)
                same = (value < 0) == (operand < 0)
                value = in_64_bits(quotient if same else -quotient)
        return value

    def operand(self) -> int:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST}")
        found = self.next()
        if found == "-":
            value = in_64_bits(-self.operand())
        elif found == "(":
            value = self.sum()
            if (found := self.next()) != ")":
                raise unexpected(found)
        elif found and found in "0123456789":
            value = self.number(found)
        else:
            raise unexpected(found)
        self.depth -= 1
        return value

    def number(self, digits: str) -> int:
        while (digit := self.text[self.at : self.at + 1]) in set("0123456789"):
            digits += digit
            self.at += 1
        if len(digits.lstrip("0")) > 19:
            raise ArithmeticError("overflow")
        return in_64_bits(int(digits))

    def next(self) -> str:
        while self.text.startswith(" ", self.at):
            self.at += 1
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def next_if_one_of(self, signs: str) -> str:
        before = self.at
        if (found := self.next()) in signs:
            return found
        self.at = before
        return ""


def in_64_bits(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise ArithmeticError("overflow")
    return value


def unexpected(found: str) -> ValueError:
    if not found:
        return ValueError("the line ends too early")
    return ValueError(f"unexpected '{found}'")


class Client:
    @classmethod
    async def connect(cls, addr: Address) -> "Client":
        client = cls()
        client.reader, client.writer = await asyncio.open_connection(*addr)
        return client

    async def ask(self, line: bytes) -> str:
        self.writer.write(line + b"\n")
        await self.writer.drain()
        return await self.hear()

    async def hear(self) -> str:
        async with asyncio.timeout(LONG):
            line = await self.reader.readline()
        return line.decode().rstrip() or "closed"

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


async def ann_and_bob(addr: Address) -> None:
    ann, bob = await Client.connect(addr), await Client.connect(addr)
    for question in (
        "2 + 3 * 4",
        "(7 - 10) * -(2 + 3) / 2",
        "1 / 0",
        "9223372036854775807 + 1",
        "2 +",
        "2 + 2)",
        "__import__('os').getpid()",
    ):
        print(f"ann: {question} -> {await ann.ask(question.encode())}")
    for question, line in (
        ("10000 brackets", b"(" * 10_000),
        ("a line of 1 MB", b"1" * 1_000_000),
        ("no UTF-8", b"\xff\xfe"),
        ("quit", b"quit"),
    ):
        print(f"ann: {question} -> {await ann.ask(line)}")
    print(f"bob: 6 * 7 -> {await bob.ask(b'6 * 7')}")
    bob.writer.write(b"2 + 2")
    bob.writer.write_eof()
    print(f"bob: a last line without its end -> {await bob.hear()}")
    for client in (ann, bob):
        await client.close()


async def cid(addr: Address) -> None:
    cid = await Client.connect(addr)
    cid.writer.write(b"2 + ")
    print(f"cid: half a line -> {await cid.hear()}")
    await cid.close()


if __name__ == "__main__":
    asyncio.run(main())
