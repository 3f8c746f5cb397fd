"""Descriptor passing: an open file, handed to another process."""

import multiprocessing
import socket
import sys
import tempfile


def help_main(from_main: socket.socket) -> None:
    message, descriptors, _, _ = socket.recv_fds(from_main, 64, 1)
    has_file = str(bool(descriptors)).lower()
    print(f'helper: got "{message.decode()}", a descriptor: {has_file}')
    with open(descriptors[0], "rb", buffering=0) as file:
        print(f"helper: read {file.read().decode().strip()}")


def main() -> None:
    to_helper, from_main = socket.socketpair()
    ctx = multiprocessing.get_context("fork")
    helper = ctx.Process(target=help_main, args=(from_main,))
    helper.start()
    from_main.close()

    with tempfile.TemporaryFile(buffering=0) as file, to_helper:
        file.write(b"one two three")
        file.seek(0)
        word = file.read(3).decode()
        print(f"main: opened a file without a name, read {word}")
        print("main: sends the descriptor")
        socket.send_fds(to_helper, [b"a file"], [file.fileno()])
        helper.join()
        left = len(file.read())
    print(f"main: the helper has ended, left to read: {left} bytes")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
