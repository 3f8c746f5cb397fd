"""Context lost: whose request is this, after an await and in a pool?"""

import asyncio
import contextvars
import threading

thread_local = threading.local()
task_local = contextvars.ContextVar("task_local", default="nobody")


async def request(user: str, both_began: asyncio.Barrier) -> None:
    thread_local.user = user
    task_local.set(user)
    tell(user, "begins")
    await both_began.wait()
    tell(user, "goes on")


def tell(user: str, what: str) -> None:
    print(
        f"{user}: {what}, thread-local {thread_local.user}, "
        f"task-local {task_local.get()}"
    )


async def hand_over() -> None:
    task_local.set("ann")
    loop = asyncio.get_running_loop()
    user = await loop.run_in_executor(None, who_asks)
    print(f"main: in a pool: {user}")
    user = await asyncio.to_thread(who_asks)
    print(f"main: in a pool, taken along: {user}")
    user = await asyncio.create_task(ask_in_a_task())
    print(f"main: in a task of her own: {user}")


def who_asks() -> str:
    return task_local.get()


async def ask_in_a_task() -> str:
    return who_asks()


async def main() -> None:
    both_began = asyncio.Barrier(2)
    await asyncio.gather(request("ann", both_began), request("bob", both_began))
    await hand_over()


if __name__ == "__main__":
    asyncio.run(main())
