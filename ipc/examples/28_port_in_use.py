"""Port in use: the server cannot be started again."""

import errno
import multiprocessing
import socket
import subprocess
import sys
from collections.abc import Callable

Wait = Callable[[], object]


def run(name: str, end: socket.socket) -> None:
    print(f"{name}: runs", flush=True)
    end.sendall(b"!")
    end.recv(1)
    print(f"{name}: ends", flush=True)


def fork_child(name: str, end: socket.socket) -> Wait:
    ctx = multiprocessing.get_context("fork")
    child = ctx.Process(target=run, args=(name, end))
    child.start()
    return child.join


def start_program(name: str, end: socket.socket) -> Wait:
    python = [sys.executable, "-I", "-S", "-B"]
    return subprocess.Popen([*python, __file__, name], stdin=end).wait


def play(name: str, start: Callable[[str, socket.socket], Wait]) -> None:
    """Closes the listener while the other process runs."""
    print(f"main: listens, starts {name}, closes its listener")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    own_end, end = socket.socketpair()
    with own_end:
        with end, listener:
            wait = start(name, end)
            own_end.recv(1)  # it runs
        bind_again(port, reuse=True)
        own_end.sendall(b"!")
        wait()
    bind_again(port, reuse=True)


def serve_once(reuse: bool) -> None:
    """A server that closes its only connection before the client does."""
    with bind_to(0, reuse) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            served, _ = listener.accept()
            served.close()
            client.recv(1)
    option = str(reuse).lower()
    print(
        f"main: a server closes a connection and ends, SO_REUSEADDR: {option}"
    )
    bind_again(port, reuse)


def bind_again(port: int, reuse: bool) -> None:
    try:
        bind_to(port, reuse).close()
        outcome = "bound"
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        outcome = "in use"
    print(f"main: binds the port again: {outcome}")


def bind_to(port: int, reuse: bool) -> socket.socket:
    """What `socket.create_server` does, which always sets the option."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def main() -> None:
    play("child", fork_child)
    play("program", start_program)
    serve_once(reuse=False)
    serve_once(reuse=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        run(sys.argv[1], socket.socket(fileno=0))
    else:
        main()
