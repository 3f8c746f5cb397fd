"""Async event: one set releases all who wait."""

import asyncio


async def main() -> None:
    event = asyncio.Event()
    await asyncio.gather(
        set_event(event),
        wait("ann", event),
        wait("bob", event),
    )
    await wait("late", event)

    event.clear()
    print("main: cleared")
    try:
        await asyncio.wait_for(wait("again", event), timeout=0.01)
    except TimeoutError:
        print("main: again has not gone on")


async def wait(name: str, event: asyncio.Event) -> None:
    print(f"{name}: waits")
    await event.wait()
    print(f"{name}: goes on")


async def set_event(event: asyncio.Event) -> None:
    await asyncio.sleep(0)  # both wait now
    print("setter: sets the event")
    event.set()


if __name__ == "__main__":
    asyncio.run(main())
