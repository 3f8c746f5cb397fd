"""A timed-out thread: the limit ends the wait, not the work."""

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor

LIMIT = 0.02


class Bank:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.paid: set[int] = set()
        self.charges: list[int] = []

    def charge(self, order: int, given_up: threading.Event) -> str:
        if given_up.is_set():
            return "given up"
        with self.lock:
            if order in self.paid:
                return "paid already"
            self.paid.add(order)
            self.charges.append(order)
            return "charged"


async def main() -> None:
    bank = Bank()
    no_flag = threading.Event()
    with ThreadPoolExecutor() as pool:
        payment, gate = await pay(pool, bank, 1, no_flag)
        try:
            await asyncio.wait_for(asyncio.wrap_future(payment), LIMIT)
        except TimeoutError:
            print("main: order 1 timed out")
        gate.set()
        # A server would have gone on; the thread does.
        print(f"main: order 1 was {payment.result()}")

        again, gate = await pay(pool, bank, 1, no_flag)
        gate.set()
        print(f"main: order 1 was {again.result()}")

        given_up = threading.Event()
        payment, gate = await pay(pool, bank, 2, given_up)
        try:
            await asyncio.wait_for(asyncio.wrap_future(payment), LIMIT)
        except TimeoutError:
            print("main: order 2 timed out")
            given_up.set()
        gate.set()
        print(f"main: order 2 was {payment.result()}")
    print(f"main: cards charged: {len(bank.charges)}")


async def pay(
    pool: ThreadPoolExecutor,
    bank: Bank,
    order: int,
    given_up: threading.Event,
) -> tuple[Future[str], threading.Event]:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    gate = threading.Event()

    def payment() -> str:
        print(f"payment: order {order}, asks the bank")
        loop.call_soon_threadsafe(asked.set)
        gate.wait()  # until main lets go
        return bank.charge(order, given_up)

    future = pool.submit(payment)
    await asked.wait()
    return future, gate


if __name__ == "__main__":
    asyncio.run(main())
