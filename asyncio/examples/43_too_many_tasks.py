"""Too many tasks: 200 connections, and files for 64."""

import asyncio
import errno
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence

TASKS = 200
AT_ONCE = 20
PATIENCE = 5.0


async def hold_until_all_tried(port: int, all_tried: asyncio.Barrier) -> None:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    finally:
        await all_tried.wait()
    writer.close()
    await writer.wait_closed()


class Bound:
    def __init__(self) -> None:
        self.permits = asyncio.Semaphore(AT_ONCE)
        self.together = asyncio.Barrier(AT_ONCE)
        self.open = self.most = 0


async def hold_a_permit(port: int, bound: Bound) -> None:
    async with bound.permits:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        bound.open += 1
        bound.most = max(bound.most, bound.open)
        try:
            async with asyncio.timeout(PATIENCE):
                await bound.together.wait()
                await reader.read()
        finally:
            bound.open -= 1
            writer.close()
            await writer.wait_closed()


def report(how: str, outcomes: Sequence[BaseException | None]) -> None:
    connected = refused = 0
    for outcome in outcomes:
        if outcome is None:
            connected += 1
        elif isinstance(outcome, OSError) and outcome.errno == errno.EMFILE:
            refused += 1
        else:
            raise outcome
    print(f"main: {how}: {connected} of {TASKS} connect, {refused} get EMFILE")


async def connect_all(port: int) -> None:
    all_tried = asyncio.Barrier(TASKS)
    outcomes = await asyncio.gather(
        *(hold_until_all_tried(port, all_tried) for _ in range(TASKS)),
        return_exceptions=True,
    )
    report("unbounded", outcomes)

    bound = Bound()
    outcomes = await asyncio.gather(
        *(hold_a_permit(port, bound) for _ in range(TASKS)),
        return_exceptions=True,
    )
    report(f"{AT_ONCE} at a time", outcomes)
    print(f"main: most open at once: {bound.most}")


async def serve() -> None:
    """Greets whoever connects, until it is asked to end."""

    async def greet(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            writer.write(b"hello\n")
            async with asyncio.timeout(PATIENCE):
                await writer.drain()
        except OSError:
            pass  # gone again, or too slow
        finally:
            writer.close()

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_server(greet, "127.0.0.1", 0, backlog=1024)
    async with server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await stopped.wait()


def main() -> None:
    command = [sys.executable, "-I", "-S", "-B", __file__, "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
            files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
            print(f"main: {files} files may be open")
            asyncio.run(connect_all(port))
        finally:
            server.terminate()
    if server.returncode != 0:
        raise OSError(f"the server ended with {server.returncode}")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main()
