"""Too many tasks: 200 connections, and files for 64."""

import asyncio
import errno
import resource
import socket
import subprocess
import sys
import threading

TASKS = 200
open_now = 0
most = 0


async def hold_until_all_tried(port: int, tried: list, all_tried) -> None:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    finally:
        tried.append(None)
        if len(tried) == TASKS:
            all_tried.set()
        await all_tried.wait()
    writer.close()
    await writer.wait_closed()


async def hold_a_permit(port: int, permits: asyncio.Semaphore) -> None:
    global open_now, most
    async with permits:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        open_now += 1
        most = max(most, open_now)
        await reader.read()
        open_now -= 1
        writer.close()
        await writer.wait_closed()


def report(how: str, outcomes: list[BaseException | None]) -> None:
    connected = refused = 0
    for outcome in outcomes:
        if outcome is None:
            connected += 1
        elif isinstance(outcome, OSError) and outcome.errno == errno.EMFILE:
            refused += 1
        else:
            raise outcome
    print(f"main: {how}: {connected} of {TASKS} connect, {refused} get EMFILE")


async def main(port: int) -> None:
    tried, all_tried = [], asyncio.Event()
    outcomes = await asyncio.gather(
        *(hold_until_all_tried(port, tried, all_tried) for _ in range(TASKS)),
        return_exceptions=True,
    )
    report("unbounded", outcomes)

    permits = asyncio.Semaphore(16)
    outcomes = await asyncio.gather(
        *(hold_a_permit(port, permits) for _ in range(TASKS)),
        return_exceptions=True,
    )
    report("16 at a time", outcomes)
    print(f"main: open at once: {most}")


def serve() -> None:
    """Greets whoever connects, until standard input is closed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=TASKS)
    print(listener.getsockname()[1], flush=True)

    def greet() -> None:
        while True:
            client, _ = listener.accept()
            with client:
                try:
                    client.sendall(b"hello\n")
                except OSError:
                    pass  # one that has gone again does not matter

    threading.Thread(target=greet, daemon=True).start()
    sys.stdin.read()


def run() -> None:
    command = [sys.executable, "-I", "-S", "-B", __file__, "serve"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True
    ) as server:
        port = int(server.stdout.readline())
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        print("main: 64 files may be open")
        asyncio.run(main(port))
        server.stdin.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        run()
