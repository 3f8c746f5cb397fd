"""TCP socket: a server that is found by a port."""

import multiprocessing
import socket
import sys


def serve(listener: socket.socket) -> None:
    stream, _ = listener.accept()
    port = listener.getsockname()[1]
    with stream, stream.makefile() as requests:
        for request in requests:
            a, b = map(int, request.split())
            print(f"server: port {port}, {a} x {b}")
            stream.sendall(f"{a * b}\n".encode())


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    print(f"main: listens on port {address[1]}")
    ctx = multiprocessing.get_context("fork")
    server = ctx.Process(target=serve, args=(listener,))
    server.start()
    listener.close()

    with socket.create_connection(address) as stream:
        print("main: sends 6 7, 25")
        stream.sendall(b"6 7\n25 ")
        print("main: sends 30")
        stream.sendall(b"30\n")
        stream.shutdown(socket.SHUT_WR)
        with stream.makefile() as lines:
            for answer in lines:
                print(f"main: the answer is {answer.strip()}")
    print("main: no more answers")
    server.join()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
