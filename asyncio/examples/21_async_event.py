"""Async event: one set releases all who wait."""

import asyncio


async def main() -> None:
    event = asyncio.Event()
    await asyncio.gather(
        wait("ann", event),
        wait("bob", event),
        set_event(event),
    )
    await wait("late", event)
    print("main: all have gone on")


async def wait(name: str, event: asyncio.Event) -> None:
    print(f"{name}: waits")
    await event.wait()
    print(f"{name}: goes on")


async def set_event(event: asyncio.Event) -> None:
    await asyncio.sleep(0)  # one turn of the loop: both wait now
    print("setter: sets the event")
    event.set()


if __name__ == "__main__":
    asyncio.run(main())
