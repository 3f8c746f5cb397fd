"""A guard across an await: the lock stays locked while its task waits."""

import asyncio
import threading


class Account:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.async_lock = asyncio.Lock()
        self.balance = 0


async def main() -> None:
    account = Account()
    await asyncio.gather(holds_and_awaits(account), tries(account))
    await asyncio.gather(awaits_then_locks(account), tries(account))
    await asyncio.gather(holds_async(account), waits(account))


async def holds_and_awaits(account: Account) -> None:
    with account.lock:
        print("ann: holds a plain lock and awaits")
        account.balance += await get_fee()
        print(f"ann: paid, balance {account.balance}")


async def awaits_then_locks(account: Account) -> None:
    print("ann: awaits without the lock")
    fee = await get_fee()  # first
    with account.lock:
        account.balance += fee
        print(f"ann: paid, balance {account.balance}")


async def holds_async(account: Account) -> None:
    async with account.async_lock:
        print("ann: holds an async lock and awaits")
        account.balance += await get_fee()
        print(f"ann: paid, balance {account.balance}")


async def get_fee() -> int:
    await asyncio.sleep(0)
    return 10


async def tries(account: Account) -> None:
    # A plain `with` would block the thread that has to run ann.
    free = account.lock.acquire(blocking=False)
    print(f"bob: finds the lock free: {str(free).lower()}")
    if free:
        account.lock.release()


async def waits(account: Account) -> None:
    print("bob: waits for the async lock")
    async with account.async_lock:  # bob
        print(f"bob: sees balance {account.balance}")


if __name__ == "__main__":
    asyncio.run(main())
