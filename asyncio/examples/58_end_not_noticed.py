"""The end not noticed: at the end of a stream, reading is always ready."""

import asyncio
import socket
from collections.abc import Awaitable

MOST = 1000  # where the broken loop stops itself


class Neighbour:
    def __init__(self, theirs: socket.socket | None = None) -> None:
        self.turns = 0
        self.theirs = theirs

    async def run(self) -> None:
        """Closes what it was given at its thousandth turn."""
        while True:
            self.turns += 1
            if self.turns == MOST and self.theirs is not None:
                self.theirs.close()
            await asyncio.sleep(0)


def three_lines() -> tuple[socket.socket, socket.socket]:
    """A connection with three lines in it, and its other end."""
    ours, theirs = socket.socketpair()
    theirs.sendall(b"one\ntwo\nthree\n")
    return ours, theirs


async def broken(reader: asyncio.StreamReader) -> None:
    lines = turns = 0
    while turns < MOST:
        turns += 1
        line = await reader.readline()  # at once
        if line:
            lines += 1
    print(f"broken: {lines} lines in {turns} turns")


async def cured(reader: asyncio.StreamReader) -> None:
    lines = turns = 0
    while turns <= MOST:
        line = await reader.readline()
        if not line:  # the end
            break
        lines += 1
        turns += 1
    print(f"cured: {lines} lines in {turns} turns, and the end")


async def main() -> None:
    ours, theirs = three_lines()
    theirs.close()
    reader, writer = await asyncio.open_connection(sock=ours)
    neighbour = Neighbour()
    await beside(neighbour, broken(reader))
    writer.close()

    ours, theirs = three_lines()
    reader, writer = await asyncio.open_connection(sock=ours)
    neighbour = Neighbour(theirs)
    await beside(neighbour, cured(reader))
    writer.close()


async def beside(neighbour: Neighbour, reading: Awaitable[None]) -> None:
    running = asyncio.create_task(neighbour.run())
    await reading
    running.cancel()
    print(f"main: meanwhile the neighbour had {neighbour.turns} turns")


if __name__ == "__main__":
    asyncio.run(main())
