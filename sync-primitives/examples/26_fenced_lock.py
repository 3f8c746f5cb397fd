"""Fenced lock: a lease runs out while its holder still writes."""

import argparse
import contextlib
import ctypes
import os
import queue
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

# Takes the lock for a time; gives the token, or nothing if it is taken.
ACQUIRE = """
    if redis.call('EXISTS', KEYS[1]) == 1 then return false end
    local token = redis.call('HINCRBY', KEYS[2], 'issued', 1)
    redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
    return token"""

# Gives the lock up, but not another holder's.
RELEASE = """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])"""

# Reads the account, or writes it if there is a second argument; nothing if
# the token is too old.
REACH = """
    local seen = tonumber(redis.call('HGET', KEYS[1], 'seen'))
    if tonumber(ARGV[1]) < seen then return false end
    redis.call('HSET', KEYS[1], 'seen', ARGV[1])
    if ARGV[2] then redis.call('HSET', KEYS[1], 'value', ARGV[2]) end
    return tonumber(redis.call('HGET', KEYS[1], 'value'))"""

SHORT = 0.05  # a lease that ends while ann pauses
LONG = 60  # and one that does not end here
LIMIT = 10  # how long an answer may take


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

    def __call__(self, *words: str | int) -> "Reply":
        encoded = [str(word).encode() for word in words]
        self.file.write(b"*%d\r\n" % len(encoded))
        for word in encoded:
            self.file.write(b"$%d\r\n%b\r\n" % (len(word), word))
        self.file.flush()
        return self.reply()

    def reply(self) -> "Reply":
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
        raise RuntimeError(f"Redis: {rest}")  # -ERR: what was asked is wrong


Reply = str | int | None


class Account:
    """An account that several machines reach, and its lock."""

    def __init__(self, redis: Redis, name: str, fenced: bool) -> None:
        self.redis = redis
        self.name, self.lock = name, f"{name}:lock"
        self.fenced = fenced

    def try_acquire(self, lease: float) -> int | None:
        millis = int(lease * 1000)
        token = self.redis("EVAL", ACQUIRE, 2, self.lock, self.name, millis)
        return None if token is None else int(token)

    def acquire(self, lease: float) -> int:
        while (token := self.try_acquire(lease)) is None:
            time.sleep(0.005)  # the store cannot call
        return token

    def release(self, token: int) -> bool:
        return self.redis("EVAL", RELEASE, 1, self.lock, token) == 1

    def read(self, token: int) -> int:
        if self.fenced:
            value = self.redis("EVAL", REACH, 1, self.name, token)
        else:
            value = self.redis("HGET", self.name, "value")
        if value is None:
            raise TimeoutError("the lease has run out before a read")
        return int(value)

    def write(self, token: int, value: int) -> bool:
        if not self.fenced:
            self.redis("HSET", self.name, "value", value)
            return True
        done = self.redis("EVAL", REACH, 1, self.name, token, value)
        return done is not None


class Turn:
    """Whose turn it is. A thread that fails gives the other no more turns."""

    def __init__(
        self, mine: "queue.Queue[bool]", other: "queue.Queue[bool]"
    ) -> None:
        self.mine, self.other = mine, other

    def __enter__(self) -> "Turn":
        return self

    def __exit__(self, *_: object) -> None:
        self.other.put(False)

    def give(self) -> None:
        self.other.put(True)

    def wait(self) -> None:
        if not self.mine.get():
            raise RuntimeError("the other has ended")

    def hand_over(self) -> None:
        self.give()
        self.wait()


def told(truth: bool) -> str:
    return str(truth).lower()


def ann(account: Account, turn: Turn) -> None:
    with turn:
        token = account.acquire(SHORT)
        value = account.read(token)
        print(f"ann: holds lease {token}, reads {value}, pauses")
        turn.hand_over()  # she believes that she holds it
        value += 5
        done = account.write(token, value)
        print(f"ann: writes {value}: {told(done)}")
        hers = account.release(token)
        print(f"ann: the lock was still hers: {told(hers)}")
        again = account.try_acquire(LONG) is not None
        print(f"ann: can take it again: {told(again)}")
        turn.hand_over()
        if done:
            return  # as far as she knows
        token = account.acquire(LONG)
        value = account.read(token)
        print(f"ann: holds lease {token}, reads {value}")
        value += 5
        done = account.write(token, value)
        print(f"ann: writes {value}: {told(done)}")
        account.release(token)


def bob(account: Account, turn: Turn, read_only: bool) -> None:
    with turn:
        turn.wait()
        token = account.acquire(LONG)  # when ann's lease has run out
        value = account.read(token)
        print(f"bob: holds lease {token}, reads {value}")
        if read_only:
            turn.hand_over()
        value += 20
        done = account.write(token, value)
        print(f"bob: writes {value}: {told(done)}")
        if not read_only:
            turn.hand_over()
        his = account.release(token)
        print(f"bob: the lock was still his: {told(his)}")
        turn.give()


def play(url: str, fenced: bool, read_only: bool) -> None:
    name = f"fenced_lock:{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        redis, anns, bobs = (
            stack.enter_context(contextlib.closing(Redis(url)))
            for _ in range(3)
        )
        redis("HSET", name, "value", 100, "issued", 0, "seen", 0)
        stack.callback(redis, "DEL", name, f"{name}:lock")
        # If this program is killed, its keys go all the same.
        redis("EXPIRE", name, 60)
        to_ann: queue.Queue[bool] = queue.Queue()
        to_bob: queue.Queue[bool] = queue.Queue()
        with ThreadPoolExecutor(2) as threads:
            both = [
                threads.submit(
                    ann, Account(anns, name, fenced), Turn(to_ann, to_bob)
                ),
                threads.submit(
                    bob,
                    Account(bobs, name, fenced),
                    Turn(to_bob, to_ann),
                    read_only,
                ),
            ]
        for thread in both:
            thread.result()
        value = redis("HGET", name, "value")
        print(f"main: the account has {value} of {100 + 5 + 20}")


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
        print("main: a lease alone")
        play(url, fenced=False, read_only=False)
        print("main: the lease is a token, ann is late after bob's write")
        play(url, fenced=True, read_only=False)
        print("main: the lease is a token, ann is late after bob's read")
        play(url, fenced=True, read_only=True)


if __name__ == "__main__":
    main()
