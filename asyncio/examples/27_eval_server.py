"""An evaluation server: each line an expression, until `quit`."""

import asyncio

LONGEST = 65_536
DEEPEST = 100
PATIENCE = 60.0
places = asyncio.Semaphore(1000)


async def serve_client(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    async with places:
        try:
            await answer_lines(reader, writer)
        except (OSError, asyncio.TimeoutError):
            pass  # gone, or too slow
        finally:
            writer.close()


async def answer_lines(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while line := await asyncio.wait_for(read_line(reader), PATIENCE):
        if line.strip() == b"quit":
            return
        try:
            answer = str(evaluate(line.strip()))
        except (ValueError, ArithmeticError) as error:
            answer = f"error: {error}"
        writer.write(answer.encode() + b"\n")
        await asyncio.wait_for(writer.drain(), PATIENCE)


async def read_line(reader: asyncio.StreamReader) -> bytes:
    """Reads a line, but keeps no more of it than shows that it is too long."""
    line = b""
    while True:
        try:
            return line + await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return b""
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


async def ann_and_bob(host: str, port: int) -> None:
    async def ask(client, line: bytes) -> str:
        reader, writer = client
        writer.write(line + b"\n")
        await writer.drain()
        return (await reader.readline()).decode().rstrip() or "closed"

    ann = await asyncio.open_connection(host, port)
    bob = await asyncio.open_connection(host, port)
    for question in (
        "2 + 3 * 4",
        "(7 - 10) * -(2 + 3) / 2",
        "1 / 0",
        "9223372036854775807 + 1",
        "2 +",
        "2 + 2)",
        "__import__('os').getpid()",
    ):
        print(f"ann: {question} -> {await ask(ann, question.encode())}")
    for question, line in (
        ("10000 brackets", b"(" * 10_000),
        ("a line of 1 MB", b"1" * 1_000_000),
        ("no UTF-8", b"\xff\xfe"),
        ("quit", b"quit"),
    ):
        print(f"ann: {question} -> {await ask(ann, line)}")
    print(f"bob: 6 * 7 -> {await ask(bob, b'6 * 7')}")
    for _, writer in (ann, bob):
        writer.close()
        await writer.wait_closed()


async def main() -> None:
    server = await asyncio.start_server(
        serve_client, "127.0.0.1", 0, limit=LONGEST
    )
    async with server:
        host, port = server.sockets[0].getsockname()
        print(f"server: listening on {host}:{port}")
        await ann_and_bob(host, port)
    print("server: stopped")


if __name__ == "__main__":
    asyncio.run(main())
