"""Unix socket: a server that is found by a path."""

import errno
import itertools
import multiprocessing
import os
import socket
import tempfile

MOST_BYTES = 100  # of a request or an answer
PATIENCE = 5.0


def read_line(stream: socket.socket) -> str:
    stream.settimeout(PATIENCE)
    with stream.makefile() as lines:
        line = lines.readline(MOST_BYTES)
    if not line.endswith("\n"):
        raise ConnectionError("no whole line came")
    return line.removesuffix("\n")


def answer(number: int, stream: socket.socket) -> bool:
    """Whether to go on."""
    request = read_line(stream)
    print(f"server: connection {number} asks for {request}")
    if request == "quit":
        return False
    try:
        a, b = map(int, request.split())
        answer = f"{a * b}"
    except ValueError:
        answer = "error: invalid digit"
    stream.sendall(f"{answer}\n".encode())
    return True


def serve(listener: socket.socket) -> None:
    for number in itertools.count(1):
        try:
            stream, _ = listener.accept()
        except ConnectionAbortedError:  # it has left the queue
            continue
        with stream:
            try:
                if not answer(number, stream):
                    break
            except OSError as error:  # this client's affair
                print(f"server: connection {number}: {error}")
    print("server: quits")


def ask(path: str, request: str) -> str:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)
        stream.sendall(f"{request}\n".encode())
        return read_line(stream)


def is_refused(path: str) -> str:
    try:
        ask(path, "1 1")
    except ConnectionRefusedError:
        return "true"
    return "false"


def is_free(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            listener.bind(path)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return "false"
        return "true"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        ctx = multiprocessing.get_context("fork")  # as the Rust does
        server = ctx.Process(target=serve, args=(listener,))
        server.start()
        listener.close()

        print("main: listens, asks for 6 7")
        print(f"main: the answer is {ask(path, '6 7')}")
        print("main: asks for six 7")
        print(f"main: the answer is {ask(path, 'six 7')}")
        print("main: asks for 1000 digits")
        try:
            ask(path, "9" * 1000)
        except ConnectionError:
            print("main: got no answer")
        print("main: asks for 25 30")
        print(f"main: the answer is {ask(path, '25 30')}")

        print("main: asks it to quit")
        with socket.socket(socket.AF_UNIX) as stream:
            stream.connect(path)
            stream.sendall(b"quit\n")
        server.join()
        print(f"main: the server ended with {server.exitcode}")
        refused, free = is_refused(path), is_free(path)
        print(
            f"main: a client is refused: {refused}, "
            f"a new server may bind: {free}"
        )
        os.unlink(path)
        print(f"main: removed the file, a new server may bind: {is_free(path)}")


if __name__ == "__main__":
    main()
