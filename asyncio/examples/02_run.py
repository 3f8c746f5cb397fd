"""Run: the one entry point into asynchronous code, and the way out."""

import asyncio


def main() -> None:
    report("main")
    words = asyncio.run(hello())
    print(f"main: {', '.join(words)}")
    report("main")
    print(f"main: once more, {asyncio.run(worker(4))}")


async def hello() -> list[str]:
    task = asyncio.create_task(background())  # a name holds the task alive
    print("hello: Hello")
    report("hello")
    await asyncio.sleep(0)  # background begins
    print("hello: World")
    words = [*await asyncio.gather(worker(1), worker(2), worker(3))]
    assert not task.done()
    return words


async def worker(n: int) -> str:
    print(f"worker {n}: begins")
    await asyncio.sleep(0)
    print(f"worker {n}: ends")
    return f"Done {n}"


async def background() -> None:
    try:
        print("background: waits for ever")
        await asyncio.Event().wait()
    finally:
        print("background: cancelled")


def report(actor: str) -> None:
    try:
        asyncio.get_running_loop()
        print(f"{actor}: a loop is running")
    except RuntimeError:
        print(f"{actor}: no loop is running")


if __name__ == "__main__":
    main()
