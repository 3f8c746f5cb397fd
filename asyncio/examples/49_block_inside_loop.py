"""Block inside the loop: a loop that is started inside a running one."""

import asyncio
import threading
from dataclasses import dataclass


@dataclass
class Answer:
    number: int
    on_main: bool


async def main() -> None:
    try:
        blocking_client()  # on the loop
        refused = False
    except RuntimeError:
        refused = True
    refused_text = str(refused).lower()
    print(f"main: calls the client on the loop, refused: {refused_text}")

    report("awaits the async form", await ask())

    answer = await asyncio.to_thread(blocking_client)
    report("calls the client in the pool", answer)

    loop = asyncio.get_running_loop()
    answer = await asyncio.to_thread(client_of, loop)
    report("from the pool into this loop", answer)


def blocking_client() -> Answer:
    """As a blocking HTTP client does: the caller sees no loop."""
    return asyncio.run(ask())


def client_of(loop: asyncio.AbstractEventLoop) -> Answer:
    return asyncio.run_coroutine_threadsafe(ask(), loop).result()


async def ask() -> Answer:
    on_main = threading.current_thread() is threading.main_thread()
    return Answer(42, on_main)


def report(how: str, answer: Answer) -> None:
    on_main = str(answer.on_main).lower()
    print(f"main: {how}, {answer.number}, on main's thread: {on_main}")


if __name__ == "__main__":
    asyncio.run(main())
