"""Block inside the loop: a loop that is started inside a running one."""

import asyncio
import threading


async def main() -> None:
    try:
        blocking_client()  # on the loop
        refused = "false"
    except RuntimeError:
        refused = "true"
    print(f"main: calls the client on the loop, refused: {refused}")

    report("awaits the async form", here(), await ask())

    asked, ran = await asyncio.to_thread(blocking_client)
    report("calls it in the pool", asked, ran)

    loop = asyncio.get_running_loop()
    asked, ran = await asyncio.to_thread(client_of, loop)
    report("from the pool into this loop", asked, ran)


def blocking_client() -> tuple[str, str]:
    """As a blocking HTTP client does: the caller sees no loop."""
    return here(), asyncio.run(ask())


def client_of(loop: asyncio.AbstractEventLoop) -> tuple[str, str]:
    return here(), asyncio.run_coroutine_threadsafe(ask(), loop).result()


async def ask() -> str:
    """Gives the place where it ran."""
    return here()


def here() -> str:
    on_main = threading.current_thread() is threading.main_thread()
    return "on main" if on_main else "in the pool"


def report(how: str, asked: str, ran: str) -> None:
    print(f"main: {how}, asked {asked}, ran {ran}")


if __name__ == "__main__":
    asyncio.run(main())
