"""Full mailboxes: two actors send to each other, and neither receives."""

import asyncio
import selectors
from typing import Any

ROOM = 4
MESSAGES = 10
LIMIT = 1.0  # of a clock that nobody waits for

Mailbox = asyncio.Queue[int]


class PausedClock(selectors.DefaultSelector):
    """Puts the clock forward to the next timer instead of sleeping."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


def paused_loop() -> asyncio.AbstractEventLoop:
    clock = PausedClock()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now  # type: ignore[method-assign]
    return loop


async def first_send(name: str, other: Mailbox, mailbox: Mailbox) -> None:
    """Sends all that it has to before it receives again."""
    sent = await send(other)
    received = await receive(mailbox) if sent == MESSAGES else 0
    report(name, sent, received)


async def do_both(name: str, other: Mailbox, mailbox: Mailbox) -> None:
    sent, received = await asyncio.gather(send(other), receive(mailbox))
    report(name, sent, received)


async def send(other: Mailbox) -> int:
    """How many it sent before there was no room in time."""
    for number in range(MESSAGES):
        try:
            async with asyncio.timeout(LIMIT):
                await other.put(number)
        except TimeoutError:
            return number
    return MESSAGES


async def receive(mailbox: Mailbox) -> int:
    """How many came, of those that there should be."""
    for number in range(MESSAGES):
        try:
            async with asyncio.timeout(LIMIT):
                await mailbox.get()
        except TimeoutError:
            return number
    return MESSAGES


def report(name: str, sent: int, received: int) -> None:
    in_vain = ", and waits for room in vain" if sent < MESSAGES else ""
    print(f"{name}: sent {sent} of {MESSAGES}, received {received}{in_vain}")


async def main() -> None:
    for actor in (first_send, do_both):
        anns, bobs = Mailbox(ROOM), Mailbox(ROOM)
        await asyncio.gather(actor("ann", bobs, anns), actor("bob", anns, bobs))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=paused_loop) as runner:
        runner.run(main())
