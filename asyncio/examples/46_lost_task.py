"""A lost task: nobody holds it, and it ends in the middle."""

import asyncio
import gc
import weakref

# Who waits for news, by name. It does not keep them alive.
Desk = weakref.WeakValueDictionary[str, asyncio.Future[None]]


async def main() -> None:
    desk: Desk = weakref.WeakValueDictionary()
    start("forgotten", desk)
    await asyncio.sleep(0)  # it begins
    gc.collect()
    tell("forgotten", desk)

    held: set[asyncio.Task[None]] = set()
    hold(start("held", desk), held)
    await asyncio.sleep(0)  # it begins
    gc.collect()
    tell("held", desk)
    await asyncio.gather(*held)
    print(f"main: all that were held have ended, still held: {len(held)}")


def hold(
    task: asyncio.Task[None], held: set[asyncio.Task[None]]
) -> None:
    held.add(task)
    task.add_done_callback(held.discard)


def start(name: str, desk: Desk) -> asyncio.Task[None]:
    return asyncio.create_task(listen(name, desk))


async def listen(name: str, desk: Desk) -> None:
    news = desk[name] = asyncio.get_running_loop().create_future()
    try:
        print(f"{name}: waits for news")
        await news
        print(f"{name}: got the news")
    finally:
        print(f"{name}: leaves")


def tell(name: str, desk: Desk) -> None:
    news = desk.get(name)
    if news is not None:
        news.set_result(None)
    heard = str(news is not None).lower()
    alive = len(asyncio.all_tasks()) - 1
    print(f"main: tells {name}, heard: {heard}, tasks alive: {alive}")


if __name__ == "__main__":
    asyncio.run(main())
