"""Async shutdown: take no more, finish what is in hand, within a limit."""

import asyncio
import os
import signal

DEADLINE = 0.1
AT_ONCE = 3


class Service:
    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.in_hand: set[asyncio.Task[None]] = set()
        self.answers = asyncio.Semaphore(0)  # the database's; a job waits for one
        self.finished = 0
        self.half_done = 0

    async def take(self, jobs: asyncio.Queue[int]) -> None:
        """Takes jobs until it is told to stop."""
        places = asyncio.Semaphore(AT_ONCE)
        stopped = asyncio.create_task(self.stop.wait())
        while True:
            next_job = asyncio.create_task(self.next(places, jobs))
            await asyncio.wait(
                {stopped, next_job}, return_when=asyncio.FIRST_COMPLETED
            )
            if not next_job.done():  # so it is to stop
                next_job.cancel()
                return
            job = asyncio.create_task(self.work(next_job.result(), places))
            self.in_hand.add(job)
            job.add_done_callback(self.in_hand.discard)

    async def next(
        self, places: asyncio.Semaphore, jobs: asyncio.Queue[int]
    ) -> int:
        await places.acquire()
        return await jobs.get()

    async def work(self, number: int, places: asyncio.Semaphore) -> None:
        steps = 0
        try:
            steps += 1
            await self.answers.acquire()
            steps += 1
        finally:
            places.release()
            if steps == 2:
                self.finished += 1
                print(f"job {number}: finished")
            else:
                self.half_done += 1
                print(f"job {number}: cut off, {steps} of 2 steps done")


async def main() -> None:
    term = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, term.set)
    jobs: asyncio.Queue[int] = asyncio.Queue()
    service = Service()
    taking = asyncio.create_task(service.take(jobs))
    for number in range(1, 6):
        jobs.put_nowait(number)
    while len(service.in_hand) < AT_ONCE:
        await asyncio.sleep(0)
    print(f"main: 5 jobs sent, {len(service.in_hand)} in hand")

    os.kill(os.getpid(), signal.SIGTERM)
    has_come = str(await term.wait()).lower()
    print(f"main: TERM has come: {has_come}, takes no more")
    service.stop.set()
    await taking
    for _ in range(2):
        service.answers.release()
    in_hand = service.in_hand.copy()
    _, late = await asyncio.wait(in_hand, timeout=DEADLINE)
    if late:
        print(f"main: the deadline is over, {len(late)} still in hand")
        for job in late:
            job.cancel()
        await asyncio.wait(late, timeout=DEADLINE)
    print(
        f"main: {service.finished} finished, {service.half_done} half done, "
        f"{jobs.qsize()} never begun"
    )


if __name__ == "__main__":
    asyncio.run(main())
