"""Run: the one door into asynchronous code, and the way out."""

import asyncio


def main() -> None:
    report("main")
    words = asyncio.run(hello())
    print(f"main: {', '.join(words)}")
    report("main")


async def hello() -> list[str]:
    task = asyncio.create_task(background())  # the loop holds it weakly
    print("hello: Hello")
    report("hello")
    await asyncio.sleep(0.01)
    print("hello: World")
    return await asyncio.gather(worker(1), worker(2), worker(3))


async def worker(n: int) -> str:
    return f"Done {n}"


async def background() -> None:
    try:
        print("background: waits for ever")
        await asyncio.Event().wait()
    finally:
        print("background: cut off")


def report(actor: str) -> None:
    try:
        asyncio.get_running_loop()
        print(f"{actor}: a loop is running")
    except RuntimeError:
        print(f"{actor}: no loop is running")


if __name__ == "__main__":
    main()
