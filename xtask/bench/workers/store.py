"""A counter in Redis on loopback: one round trip each, and a hundred in one."""

import shutil
import socket
import subprocess
import time

BATCH = 100
INCR = b"*2\r\n$4\r\nINCR\r\n$5\r\ncount\r\n"


def server():
    """A server of this worker's own, which keeps nothing."""
    if not shutil.which("redis-server"):
        raise NotImplementedError("no redis-server on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--save", "", "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
    return process, port


def by_socket():
    process, port = server()
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return process, connection, connection.makefile("rb")


def incr():
    process, connection, answers = by_socket()

    def one():
        connection.sendall(INCR)
        return int(answers.readline()[1:])

    def work(n):
        first = one()
        for _ in range(n):
            last = one()
        return last - first

    return work, [process.pid]


def pipeline():
    process, connection, answers = by_socket()

    def work(n):
        counted = 0
        for _ in range(n // BATCH):
            connection.sendall(INCR * BATCH)
            counts = [int(answers.readline()[1:]) for _ in range(BATCH)]
            counted += len(counts)
        return counted

    return work, [process.pid]


def client():
    try:
        import redis
    except ImportError:
        raise NotImplementedError("redis-py is not installed") from None
    process, port = server()
    connection = redis.Redis(port=port)

    def work(n):
        first = connection.incr("count")
        for _ in range(n):
            last = connection.incr("count")
        return last - first

    return work, [process.pid]
