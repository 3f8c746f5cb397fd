"""Lost on cancel: a read that is cut off takes its bytes with it."""

import asyncio

TICK = 0.01


async def main() -> None:
    stream = connect()
    frame = await careless(stream)
    print(f"main: careless read the frame {frame}")

    stream = connect()
    frame = await patient(stream)
    print(f"main: patient read the frame {frame}")


async def careless(stream: asyncio.StreamReader) -> str:
    while True:
        try:
            return await asyncio.wait_for(read_frame("careless", stream), TICK)
        except TimeoutError:
            send_rest(stream)


async def patient(stream: asyncio.StreamReader) -> str:
    reading = asyncio.create_task(read_frame("patient", stream))
    while True:
        await asyncio.wait({reading}, timeout=TICK)
        if reading.done():
            return reading.result()
        send_rest(stream)


async def read_frame(name: str, stream: asyncio.StreamReader) -> str:
    """A frame is two bytes, and two more."""
    first = await stream.readexactly(2)
    print(f"{name}: has {first.decode()}")
    return (first + await stream.readexactly(2)).decode()


def connect() -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    print("peer: sends he")
    stream.feed_data(b"he")
    return stream


def send_rest(stream: asyncio.StreamReader) -> None:
    print("ticker: ticks")
    print("peer: sends llo!")
    stream.feed_data(b"llo!")


if __name__ == "__main__":
    asyncio.run(main())
