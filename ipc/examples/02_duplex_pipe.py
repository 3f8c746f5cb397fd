"""Duplex pipe: requests one way, answers the other."""

import multiprocessing
import socket


def work(end: socket.socket, main_end: socket.socket) -> None:
    main_end.close()
    answered = 0
    with end, end.makefile() as requests:
        for request in requests:
            a, b = map(int, request.split())
            print(f"worker: was asked for {a} x {b}")
            end.sendall(f"{a * b}\n".encode())
            answered += 1
        print("worker: end of requests")
        end.sendall(f"{answered}\n".encode())


def main() -> None:
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    main_end, worker_end = socket.socketpair()
    worker = ctx.Process(target=work, args=(worker_end, main_end))
    worker.start()
    worker_end.close()

    with main_end, main_end.makefile() as answers:
        for a, b in ((6, 7), (25, 30)):
            print(f"main: asks for {a} x {b}")
            main_end.sendall(f"{a} {b}\n".encode())
            print(f"main: the answer is {answers.readline().strip()}")
        print("main: no more requests")
        main_end.shutdown(socket.SHUT_WR)
        total = answers.readline().strip()
        print(f"main: the worker has answered {total} requests")
        worker.join()
        code, more = worker.exitcode, str(bool(answers.readline())).lower()
        print(f"main: the worker ended with {code}, one more answer: {more}")


if __name__ == "__main__":
    main()
