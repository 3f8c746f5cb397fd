"""A thread for each connection, or a task: the same server, the same load."""

import asyncio
import resource
import socket
import subprocess
import sys
import threading
import time

ROUNDS = 5


def serve_by_threads() -> None:
    def echo(client: socket.socket) -> None:
        with client:
            while piece := client.recv(1024):
                client.sendall(piece)

    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=echo, args=(client,), daemon=True).start()


async def serve_by_tasks() -> None:
    async def echo(reader, writer) -> None:
        while piece := await reader.read(1024):
            writer.write(piece)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Server:
    """This program once more, as a server."""

    def __init__(self, kind: str) -> None:
        command = [sys.executable, "-I", "-S", "-B", __file__, kind]
        self.kind = kind
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def usage(self) -> tuple[int, int]:
        """Its threads, and its memory in kB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            fields = dict(line.split(":", 1) for line in status)
        return int(fields["Threads"]), int(fields["VmRSS"].split()[0])

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def load(kind: str, connections: int) -> int:
    """Puts a server under load, and returns the memory it took, in kB."""
    with Server(kind) as server:
        threads_before, memory_before = server.usage()
        start = time.perf_counter()
        clients = [
            socket.create_connection(("127.0.0.1", server.port))
            for _ in range(connections)
        ]
        for _ in range(ROUNDS):
            for client in clients:
                client.sendall(b"hello")
            for client in clients:
                assert client.recv(5, socket.MSG_WAITALL) == b"hello"
        ms = (time.perf_counter() - start) * 1000
        threads, memory = server.usage()
        for client in clients:
            client.close()
    threads -= threads_before
    memory = max(0, memory - memory_before)
    print(
        f"main: {connections} by {kind}: {threads} threads, "
        f"{memory} kB, {ms:.1f} ms"
    )
    return memory


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
