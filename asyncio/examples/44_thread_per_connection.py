"""A thread for each connection, or a task: the same server, the same load."""

import asyncio
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

ROUNDS = 5
MOST_CONNECTIONS = 1000
PATIENCE = 60.0
LONG = 5.0  # far longer than any answer takes


def serve_by_threads() -> None:
    places = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def echo(client: socket.socket) -> None:
        try:
            with client:
                client.settimeout(PATIENCE)
                while piece := client.recv(1024):
                    client.sendall(piece)
        except OSError:
            pass  # too slow, or gone
        finally:
            places.release()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        sys.exit()

    signal.signal(signal.SIGTERM, stop)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            places.acquire()
            try:
                client, _ = listener.accept()
            except OSError:  # out of descriptors: some clients will leave
                places.release()
                time.sleep(0.1)
                continue
            threading.Thread(target=echo, args=(client,), daemon=True).start()


async def serve_by_tasks() -> None:
    open_now: set[asyncio.StreamWriter] = set()

    async def echo(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        open_now.add(writer)
        try:
            while len(open_now) <= MOST_CONNECTIONS:
                async with asyncio.timeout(PATIENCE):
                    piece = await reader.read(1024)
                if not piece:
                    break
                writer.write(piece)
                async with asyncio.timeout(PATIENCE):
                    await writer.drain()
        except OSError:
            pass  # too slow, or gone
        finally:
            writer.close()
            open_now.remove(writer)

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=1024)
    async with server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await stopped.wait()
        server.close()
        for writer in open_now:
            writer.close()  # ends its echo


class Server:
    """This program once more, as a server."""

    def __init__(self, kind: str) -> None:
        command = [sys.executable, "-I", "-S", "-B", __file__, kind]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def usage(self) -> tuple[int, int]:
        """Its threads, and its memory in kB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            fields = dict(line.split(":", 1) for line in status)
        return int(fields["Threads"]), int(fields["VmRSS"].split()[0])

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate()
        if self.process.returncode != 0:
            raise OSError(f"the server ended with {self.process.returncode}")


def load(kind: str, connections: int) -> int:
    """Puts a server under load, and returns the memory it took, in kB."""
    with Server(kind) as server:
        threads_before, memory_before = server.usage()
        start = time.perf_counter()
        clients = [
            socket.create_connection(("127.0.0.1", server.port), timeout=LONG)
            for _ in range(connections)
        ]
        for number in range(ROUNDS):
            question = f"hello {number}".encode()
            for client in clients:
                client.sendall(question)
            for client in clients:
                if receive(client, len(question)) != question:
                    raise OSError("another answer than what was sent")
        seconds = time.perf_counter() - start
        threads, memory = server.usage()
        for client in clients:
            client.close()
    threads -= threads_before
    memory = max(0, memory - memory_before)
    print(
        f"main: {connections} by {kind}: {threads} threads, {memory} kB, "
        f"{ROUNDS * connections / seconds:.0f} answers a second"
    )
    return memory


def receive(client: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        if not (piece := client.recv(size - len(received))):
            raise ConnectionError("closed too early")
        received += piece
    return received


def main() -> None:
    if sys.platform != "linux":
        print("main: skipped, /proc is Linux's own")
        return
    # A connection is an open file on either side: take all that are allowed.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load("threads", 10)
    load("tasks", 10)
    times = load("threads", 500) / load("tasks", 500)
    print(f"main: 500 threads take {times:.1f} times the memory of 500 tasks")


if __name__ == "__main__":
    if sys.argv[1:] == ["threads"]:
        serve_by_threads()
    elif sys.argv[1:] == ["tasks"]:
        asyncio.run(serve_by_tasks())
    else:
        main()
