"""Async lock: held across an await, it keeps the others out."""

import asyncio


class Account:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.balance = 0


async def main() -> None:
    account = Account()
    await asyncio.gather(
        careless("ann", account, 10),
        careless("bob", account, 20),
    )
    print(f"main: without a lock, the balance is {account.balance}")

    account = Account()
    await asyncio.gather(
        deposit("ann", account, 10),
        deposit("bob", account, 20),
        deposit("cid", account, 30),
    )
    print(f"main: with a lock, the balance is {account.balance}")


async def deposit(name: str, account: Account, amount: int) -> None:
    print(f"{name}: wants to deposit {amount}")
    async with account.lock:
        seen = account.balance
        print(f"{name}: reads {seen}")
        await asyncio.sleep(0)
        account.balance = seen + amount
        print(f"{name}: writes {account.balance}")


async def careless(name: str, account: Account, amount: int) -> None:
    seen = account.balance
    print(f"{name}: reads {seen}")
    await asyncio.sleep(0)  # another task comes in
    account.balance = seen + amount
    print(f"{name}: writes {account.balance}")


if __name__ == "__main__":
    asyncio.run(main())
