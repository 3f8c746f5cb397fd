"""Descriptor passing: an open file, handed to another process."""

import multiprocessing
import os
import socket
import tempfile

MOST = 253  # SCM_MAX_FD of Linux


def receive(stream: socket.socket) -> list[int]:
    message, descriptors, _, _ = socket.recv_fds(stream, 64, MOST)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    if (count := len(descriptors)) > 1:
        for descriptor in descriptors:
            os.close(descriptor)
        raise ValueError(f"{count} descriptors came where one was due")
    text = message.decode()
    print(f'helper: got "{text}", descriptors: {len(descriptors)}')
    return descriptors


def help_main(main: socket.socket) -> None:
    with main:
        receive(main)
        main.sendall(b"!")
        try:
            receive(main)
        except ValueError as error:
            print(f"helper: {error}")
        main.sendall(b"!")
        for descriptor in receive(main):
            closes = str(not os.get_inheritable(descriptor)).lower()
            with open(descriptor, "rb", buffering=0) as file:
                rest = file.read().decode().strip()
            print(f"helper: read {rest}, close-on-exec: {closes}")


def main() -> None:
    to_helper, from_main = socket.socketpair()
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    helper = ctx.Process(target=help_main, args=(from_main,))
    helper.start()
    from_main.close()

    with tempfile.TemporaryFile(buffering=0) as file, to_helper:
        file.write(b"one two three")
        file.seek(0)
        word = file.read(3).decode()
        print(f"main: opened a file without a name, read {word}")

        print("main: sends text alone")
        socket.send_fds(to_helper, [b"no file"], [])
        to_helper.recv(1)
        print("main: sends three descriptors")
        socket.send_fds(to_helper, [b"three"], [file.fileno()] * 3)
        to_helper.recv(1)
        print("main: sends text and a descriptor")
        socket.send_fds(to_helper, [b"a file"], [file.fileno()])
        helper.join()
        code, left = helper.exitcode, len(file.read())
    print(f"main: the helper ended with {code}, left to read: {left} bytes")


if __name__ == "__main__":
    main()
