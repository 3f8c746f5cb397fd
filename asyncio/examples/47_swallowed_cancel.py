"""Swallowed cancel: asked to stop, it takes that for one more error."""

import asyncio


class BadMessage(Exception):
    pass


class Inbox:
    def __init__(self) -> None:
        self.messages: asyncio.Queue[str] = asyncio.Queue()
        self.is_open = True

    async def next(self) -> None:
        """The next message; nothing comes here but trouble."""
        raise BadMessage(await self.messages.get())


async def be_stubborn(inbox: Inbox) -> None:
    while inbox.is_open:
        try:
            await inbox.next()
        except BaseException as error:
            if inbox.is_open:
                print(f"stubborn: an error: {error}, tries again")


async def be_polite(inbox: Inbox) -> None:
    try:
        while inbox.is_open:
            try:
                await inbox.next()
            except BadMessage as error:  # no more
                print(f"polite: an error: {error}, tries again")
    finally:
        print("polite: cleans up")


async def has_ended(worker: asyncio.Task[None]) -> bool:
    done, _ = await asyncio.wait({worker}, timeout=0.02)
    return bool(done)


async def ask(worker: asyncio.Task[None]) -> tuple[int, bool]:
    asked, ended = 0, False
    while asked < 3 and not ended:
        worker.cancel("asked to stop")
        asked += 1
        ended = await has_ended(worker)
    return asked, ended


async def main() -> None:
    inbox = Inbox()
    stubborn = asyncio.create_task(be_stubborn(inbox))
    await asyncio.sleep(0)  # it waits for a message
    asked, ended = await ask(stubborn)
    print(f"main: stubborn, times asked: {asked}, has ended: {show(ended)}")
    inbox.is_open = False
    stubborn.cancel()
    ended = await has_ended(stubborn)
    print(f"main: stubborn is made to end: {show(ended)}")

    inbox = Inbox()
    polite = asyncio.create_task(be_polite(inbox))
    inbox.messages.put_nowait("bad message")
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # it waits for the next message
    asked, ended = await ask(polite)
    print(f"main: polite, times asked: {asked}, has ended: {show(ended)}")
    if not ended:
        inbox.is_open = False
        polite.cancel()


def show(value: bool) -> str:
    return str(value).lower()


if __name__ == "__main__":
    asyncio.run(main())
