"""Stream broker: a queue that outlives those who take from it."""

import argparse
import contextlib
import ctypes
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

ctx = multiprocessing.get_context("fork")  # as the Rust does

ORDERS = [(1, 20), (2, 30), (3, 50)]
GROUP = "tellers"
SILENT = 50  # ms; a consumer that was silent for so long is taken for dead
LIMIT = 10  # how long an answer may take

# Adds an amount, and notes its order for a minute; nothing if that was noted
# before.
ADD_ONCE = """
    if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return false end
    redis.call('EXPIRE', KEYS[1], 60)
    return redis.call('INCRBY', KEYS[2], ARGV[2])"""


class Redis:
    """A connection to a Redis, on which calls are commands."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme.endswith("unix"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(LIMIT)
            self.socket.connect(parts.path)
        else:
            address = (parts.hostname or "127.0.0.1", parts.port or 6379)
            self.socket = socket.create_connection(address, timeout=LIMIT)
        self.file = self.socket.makefile("rwb")
        if parts.password:
            user = unquote(parts.username or "default")
            self("AUTH", user, unquote(parts.password))

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def __call__(self, *words: str | int) -> Any:
        encoded = [str(word).encode() for word in words]
        self.file.write(b"*%d\r\n" % len(encoded))
        for word in encoded:
            self.file.write(b"$%d\r\n%b\r\n" % (len(word), word))
        self.file.flush()
        return self.reply()

    def reply(self) -> Any:
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis has gone")
        kind, rest = line[:1], line[1:-2].decode()
        match kind:
            case b"+":
                return rest
            case b":":
                return int(rest)
            case b"$" if int(rest) < 0:
                return None
            case b"$":
                return self.file.read(int(rest) + 2)[:-2].decode()
            case b"*" if int(rest) < 0:
                return None
            case b"*":
                return [self.reply() for _ in range(int(rest))]
        raise RuntimeError(f"Redis: {rest}")  # -ERR: what was asked is wrong


class Order(NamedTuple):
    id: str
    number: int
    amount: int

    @classmethod
    def of(cls, entry: tuple[str, list[str]]) -> "Order":
        id, (_, number, _, amount) = entry
        return cls(id, int(number), int(amount))


class Broker:
    """A stream with its group, and what its orders come to."""

    def __init__(self, redis: Redis, stream: str) -> None:
        self.redis = redis
        self.stream = stream
        self.total, self.counted = f"{stream}:total", f"{stream}:counted"

    def add(self, orders: list[tuple[int, int]]) -> None:
        for number, amount in orders:
            fields = ("order", number, "amount", amount)
            self.redis("XADD", self.stream, "*", *fields)
        self.redis("XGROUP", "CREATE", self.stream, GROUP, "0")
        # If this program is killed, its keys go all the same.
        self.redis("SET", self.total, 0, "EX", 60)
        self.redis("EXPIRE", self.stream, 60)

    def take(self, who: str) -> Order | None:
        """The next order that nobody has taken, if one comes soon."""
        how = ("GROUP", GROUP, who, "COUNT", 1, "BLOCK", 20)
        reply = self.redis("XREADGROUP", *how, "STREAMS", self.stream, ">")
        if reply is None:
            return None
        [[_, [entry]]] = reply
        return Order.of(entry)

    def claim(self, who: str) -> Order | None:
        """An order whose consumer has been silent for too long."""
        group = (self.stream, GROUP, who)
        _, entries, _ = self.redis(
            "XAUTOCLAIM", *group, SILENT, "0", "COUNT", 1
        )
        return Order.of(entries[0]) if entries else None

    def acknowledge(self, id: str) -> None:
        self.redis("MULTI")
        self.redis("XACK", self.stream, GROUP, id)
        self.redis("XDEL", self.stream, id)
        self.redis("EXEC")

    def work(self, who: str, order: Order, once: bool) -> None:
        """The work: adds the amount to the total."""
        id, number, amount = order
        if once:
            keys = (self.counted, self.total)
            total = self.redis("EVAL", ADD_ONCE, 2, *keys, number, amount)
        else:
            total = self.redis("INCRBY", self.total, amount)
        held = self.redis("XPENDING", self.stream, GROUP, id, id, 1)
        delivery = held[0][3] if held else 0
        if total is None:
            done = "was counted before"
        else:
            done = f"adds {amount}, total {total}"
        print(f"{who}: order {number}, delivery {delivery}, {done}")

    def pending(self) -> int:
        return self.redis("XPENDING", self.stream, GROUP)[0]

    def __len__(self) -> int:
        return self.redis("XLEN", self.stream)

    def remove(self) -> None:
        self.redis("DEL", self.stream, self.total, self.counted)


def bob(url: str, stream: str, once: bool) -> None:
    """A consumer: takes, works, acknowledges.

    At the end it does what others left.
    """
    with contextlib.closing(Redis(url)) as redis:
        broker = Broker(redis, stream)
        while order := broker.take("bob"):
            broker.work("bob", order, once)
            broker.acknowledge(order.id)
        print(f"bob: no order is new, {broker.pending()} is pending")
        while broker.pending():
            if order := broker.claim("bob"):
                broker.work("bob", order, once)
                broker.acknowledge(order.id)
            else:
                time.sleep(0.005)  # not yet


def ann(url: str, stream: str, once: bool, done: Connection) -> None:
    """A consumer that is killed between work and acknowledgement."""
    with contextlib.closing(Redis(url)) as redis:
        broker = Broker(redis, stream)
        order = broker.take("ann")
        if order is None:
            raise LookupError("there is no order")
        broker.work("ann", order, once)
        done.send(None)
        multiprocessing.parent_process().join()  # until one of us is killed
        broker.acknowledge(order.id)


@contextlib.contextmanager
def started(process: BaseProcess) -> Iterator[BaseProcess]:
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def play(url: str, once: bool) -> None:
    stream = f"orders:{secrets.token_hex(8)}"
    # Each process has a connection of its own: on one that was carried across
    # a fork two conversations would mix.
    with contextlib.closing(Redis(url)) as redis:
        broker = Broker(redis, stream)
        try:
            tell(broker, url, once)
        finally:
            broker.remove()


def tell(broker: Broker, url: str, once: bool) -> None:
    broker.add(ORDERS)
    print(f"main: {len(broker)} orders wait, nobody has been started")
    done, to_main = ctx.Pipe(duplex=False)
    arguments = (url, broker.stream, once)
    with started(ctx.Process(target=ann, args=(*arguments, to_main))) as child:
        to_main.close()
        done.recv()
        child.kill()
        child.join()
        how = signal.Signals(-child.exitcode).name
        print(
            f"main: ann was ended by {how},"
            f" {broker.pending()} order is pending"
        )
    done.close()
    with started(ctx.Process(target=bob, args=arguments)) as child:
        child.join()
        if child.exitcode != 0:
            raise ChildProcessError(f"bob: {child.exitcode}")
    total = broker.redis("GET", broker.total)
    of = sum(amount for _, amount in ORDERS)
    print(f"main: total {total} of {of}, {len(broker)} orders wait")


@contextlib.contextmanager
def redis_url() -> Iterator[str | None]:
    """The URL that was given, or that of a server of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", metavar="URL")
    if url := parser.parse_args().redis:
        yield url
        return
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    folder, name = tempfile.gettempdir(), f"redis-{secrets.token_hex(8)}.sock"
    path = os.path.join(folder, name)
    # Nothing is kept, and no port is open.
    server = subprocess.Popen(
        [program, "--port", "0", "--save", "", "--appendonly", "no"]
        + ["--unixsocket", path, "--unixsocketperm", "700", "--dir", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # its log
        preexec_fn=end_with(os.getpid()),
    )
    try:
        while not listens(path):
            if server.poll() is not None:
                raise ChildProcessError(f"redis-server: {server.returncode}")
            time.sleep(0.005)
        yield f"unix://{path}"
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(path) == 0


def end_with(parent: int) -> Callable[[], None] | None:
    """Has the server end, and remove its socket, if this program is killed."""
    if sys.platform != "linux":
        return None
    PR_SET_PDEATHSIG = 1
    libc = ctypes.CDLL(None)

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # it was killed before

    return before_exec


def main() -> None:
    with redis_url() as url:
        if url is None:
            print("main: skipped, no redis-server")
            return
        print("main: each delivery is counted")
        play(url, once=False)
        print("main: each order is counted")
        play(url, once=True)


if __name__ == "__main__":
    main()
