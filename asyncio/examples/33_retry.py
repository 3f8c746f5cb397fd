"""Retry: back off with jitter, on a budget, and only what may be repeated."""

import asyncio
import enum
import selectors
from collections.abc import Awaitable, Callable
from typing import Any

ATTEMPTS = 4
# The back-off, at first and at most, in milliseconds.
FIRST = 100
MOST = 300
# What a call brings into the budget, what a retry takes, and the most in it.
CALL = 1
RETRY = 10
SAVED = 50


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


class Failure(enum.Enum):
    BUSY = "busy"
    BAD_REQUEST = "bad request"
    NO_ANSWER = "no answer"


class CallError(Exception):
    pass


Call = Callable[[], Awaitable[Failure | None]]


class Client:
    """One for all calls to one server."""

    def __init__(self) -> None:
        self.saved = SAVED
        self.seed = 1
        self.attempts = 0

    async def call(self, name: str, harmless_twice: bool, call: Call) -> str:
        """Calls until it works, or there is no sense in it."""
        loop = asyncio.get_running_loop()
        start, backoff = loop.time(), FIRST
        self.saved = min(self.saved + CALL, SAVED)
        may_repeat = {
            Failure.BUSY: True,
            Failure.BAD_REQUEST: False,
            Failure.NO_ANSWER: harmless_twice,
        }
        for attempt in range(1, ATTEMPTS + 1):
            self.attempts += 1
            failure = await call()
            if failure is None:
                ms = loop.time() - start
                return f"done, {attempt} attempts in {ms:.0f} ms"
            if not may_repeat[failure]:
                raise CallError(f"{failure.value}, not repeated")
            if attempt == ATTEMPTS or not self.budget_allows():
                break
            wait = backoff * self.random() // 1000
            if name != "outage":
                print(
                    f"{name}: {failure.value}, again in {wait} ms "
                    f"of at most {backoff}"
                )
            await asyncio.sleep(wait)  # milliseconds of the paused clock
            backoff = min(2 * backoff, MOST)
        raise CallError(f"{failure.value}, given up")

    def budget_allows(self) -> bool:
        if self.saved < RETRY:
            return False
        self.saved -= RETRY
        return True

    def random(self) -> int:
        """From 0 to 999."""
        self.seed *= 6_364_136_223_846_793_005
        self.seed = (self.seed + 1_442_695_040_888_963_407) % 2**64
        return (self.seed >> 33) % 1000


class Server:
    def __init__(self) -> None:
        self.charged = 0
        self.knows: set[int] = set()

    def charge(self, key: int | None) -> Failure | None:
        """Charges, but its first answer is lost."""
        is_first = self.charged == 0
        if key is None or key not in self.knows:
            self.charged += 1
        if key is not None:
            self.knows.add(key)
        return Failure.NO_ANSWER if is_first else None


async def told(outcome: Awaitable[str]) -> str:
    try:
        return await outcome
    except CallError as error:
        return str(error)


async def main() -> None:
    client = Client()
    failures = iter([Failure.BUSY] * 3)

    async def busy_at_first() -> Failure | None:
        return next(failures, None)

    async def bad_request() -> Failure:
        return Failure.BAD_REQUEST

    print(f"read: {await told(client.call('read', True, busy_at_first))}")
    print(f"wrong: {await told(client.call('wrong', True, bad_request))}")

    for name, key in (("pay", None), ("pay by key", 7)):
        server = Server()

        async def pay() -> Failure | None:
            return server.charge(key)

        outcome = await told(client.call(name, key is not None, pay))
        print(f"{name}: {outcome}, charged {server.charged} times")

    async def down() -> Failure:
        return Failure.BUSY

    client.attempts, client.saved = 0, SAVED
    outcomes = await asyncio.gather(
        *(client.call("outage", True, down) for _ in range(20)),
        return_exceptions=True,
    )
    failed = sum(isinstance(outcome, CallError) for outcome in outcomes)
    print(f"outage: {failed} calls failed in {client.attempts} attempts")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=paused_loop) as runner:
        runner.run(main())
