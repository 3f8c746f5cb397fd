"""Start one, have it answer its number, wait for its end."""

import multiprocessing
import os
import sys
import threading


def thread(n):
    answers = []
    for i in range(n):
        worker = threading.Thread(target=answers.append, args=(i % 100,))
        worker.start()
        worker.join()
    return sum(answers)


def task():
    import asyncio

    async def answer(i):
        return i % 100

    async def work(n):
        total = 0
        for i in range(n):
            total += await asyncio.create_task(answer(i))
        return total

    return work


def os_fork(n):
    total = 0
    for i in range(n):
        pid = os.fork()
        if pid == 0:
            os._exit(i % 100)
        _, status = os.waitpid(pid, 0)
        total += os.waitstatus_to_exitcode(status)
    return total


def processes(method):
    context = multiprocessing.get_context(method)

    def work(n):
        total = 0
        for i in range(n):
            process = context.Process(target=sys.exit, args=(i % 100,))
            process.start()
            process.join()
            total += process.exitcode
            process.close()
        return total

    return work


def fork():
    return processes("fork")


def spawn():
    return processes("spawn")


def forkserver():
    work = processes("forkserver")
    work(1)  # the server is there before the first slice
    server = multiprocessing.forkserver._forkserver._forkserver_pid
    return work, [server]
