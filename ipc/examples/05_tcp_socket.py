"""TCP socket: a server that is found by a port."""

import json
import multiprocessing
import socket

PATIENCE = 5.0


def serve(listener: socket.socket) -> None:
    stream, (_, _) = listener.accept()
    stream.settimeout(PATIENCE)
    port = listener.getsockname()[1]
    answered = 0
    with stream, stream.makefile() as requests:
        for request in requests:
            a, b = map(int, request.split())
            print(f"server: port {port}, {a} x {b}")
            stream.sendall(f"{a * b}\n".encode())
            answered += 1
        print(f"server: end of requests, answered {answered}")


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    print(f"main: listens on port {address[1]}")
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    server = ctx.Process(target=serve, args=(listener,))
    server.start()
    listener.close()

    with (
        socket.create_connection(address, PATIENCE) as stream,
        stream.makefile() as answers,
    ):
        for piece in ("6 7\n25 ", "30\n"):
            print(f"main: sends {json.dumps(piece)}")
            stream.sendall(piece.encode())
            print(f"main: the answer is {answers.readline().strip()}")
        print("main: closes its direction")
        stream.shutdown(socket.SHUT_WR)
        end = "more" if answers.read(1) else "end of"
    server.join()
    print(f"main: {end} answers, the server ended with {server.exitcode}")


if __name__ == "__main__":
    main()
