"""Unix socket: a server that is found by a path."""

import multiprocessing
import os
import socket
import sys
import tempfile


def serve(listener: socket.socket) -> None:
    for number in (1, 2):
        stream, _ = listener.accept()
        with stream, stream.makefile() as requests:
            a, b = map(int, requests.readline().split())
            print(f"server: connection {number}, {a} x {b}")
            stream.sendall(f"{a * b}\n".encode())


def ask(path: str, a: int, b: int) -> str:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)
        stream.sendall(f"{a} {b}\n".encode())
        with stream.makefile() as lines:
            return lines.readline().strip()


def there(path: str) -> str:
    return str(os.path.exists(path)).lower()


def main() -> None:
    path = os.path.join(tempfile.gettempdir(), f"ipc-{os.getpid()}.sock")
    if os.path.exists(path):
        os.unlink(path)  # left by a dead namesake
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    try:
        listener.listen()
        print(f"main: listens, socket file there: {there(path)}")
        ctx = multiprocessing.get_context("fork")
        server = ctx.Process(target=serve, args=(listener,))
        server.start()
        listener.close()

        print("main: asks for 6 x 7")
        print(f"main: the answer is {ask(path, 6, 7)}")
        print("main: asks for 25 x 30")
        print(f"main: the answer is {ask(path, 25, 30)}")

        server.join()
        try:
            ask(path, 1, 1)
        except ConnectionRefusedError:
            print("main: the server has ended, connecting is refused: true")
        print(f"main: socket file there: {there(path)}")
    finally:
        os.unlink(path)
    print(f"main: removed it, there: {there(path)}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
