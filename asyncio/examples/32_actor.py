"""Actor: one task owns the state, and answers by a future in each request."""

import asyncio
from dataclasses import dataclass


@dataclass
class Taken:
    left: int


@dataclass
class Refused:
    left: int


@dataclass
class Withdrawal:
    name: str
    amount: int
    answer: asyncio.Future[Taken | Refused]


class Account:
    def __init__(self, balance: int, log: asyncio.Semaphore) -> None:
        self.balance = balance
        self.handled = 0
        self.log = log  # slow: it writes when it is let

    async def run(self, mailbox: asyncio.Queue[Withdrawal | None]) -> None:
        """The actor: one request after the other, until a last message."""
        while request := await mailbox.get():
            answer = await self.withdraw(request.amount)
            self.handled += 1
            if request.answer.done():
                print(f"actor: nobody waits for the answer to {request.name}")
            else:
                request.answer.set_result(answer)

    async def withdraw(self, amount: int) -> Taken | Refused:
        if self.balance < amount:
            return Refused(self.balance)
        await self.log.acquire()
        self.balance -= amount
        return Taken(self.balance)


class Handle:
    """What others have of the actor."""

    def __init__(self, account: Account) -> None:
        self.mailbox: asyncio.Queue[Withdrawal | None] = asyncio.Queue(8)
        self.actor = asyncio.create_task(account.run(self.mailbox))

    async def withdraw(self, name: str, amount: int) -> Taken | Refused:
        if self.actor.done():
            raise ConnectionError("the actor has ended")
        answer = asyncio.get_running_loop().create_future()
        await self.mailbox.put(Withdrawal(name, amount, answer))
        return await answer

    async def close(self) -> None:
        await self.mailbox.put(None)
        await self.actor


async def take(name: str, handle: Handle, amount: int) -> None:
    try:
        match await handle.withdraw(name, amount):
            case Taken(left):
                print(f"{name}: takes {amount}, {left} left")
            case Refused(left):
                print(f"{name}: refused, {left} left")
    except ConnectionError:
        print(f"{name}: no actor is there")


async def shared() -> None:
    """Without an actor: two tasks, and one balance."""
    balance, checked = 100, 0
    log = asyncio.Semaphore(0)

    async def take() -> None:
        nonlocal balance, checked
        if balance >= 80:
            checked += 1
            await log.acquire()  # shared
            balance -= 80

    async def let_write() -> None:
        for _ in range(2):
            log.release()

    await asyncio.gather(take(), take(), let_write())
    both = str(checked == 2).lower()
    print(f"main: shared, both checked: {both}, 100 - 80 - 80 = {balance}")


async def main() -> None:
    await shared()

    log = asyncio.Semaphore(1)
    account = Account(100, log)
    handle = Handle(account)
    await asyncio.gather(take("ann", handle, 80), take("bob", handle, 80))

    cid = asyncio.create_task(take("cid", handle, 5))
    await asyncio.sleep(0)  # he has asked
    cid.cancel()
    print("main: cid leaves without his answer")
    log.release()
    await handle.close()
    print(
        f"main: the actor ended after {account.handled} requests "
        f"with {account.balance}"
    )
    await take("dan", handle, 1)


if __name__ == "__main__":
    asyncio.run(main())
