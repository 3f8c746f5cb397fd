"""FIFO: a pipe with a path."""

import errno
import os
import stat
import subprocess
import sys
import tempfile

PYTHON = (sys.executable, "-I", "-S", "-B")


def write(path: str) -> None:
    print("writer: opens it")
    with open(path, "w") as fifo:
        print("writer: the reader has come, sends 5, 10, 13")
        fifo.write("5, 10, 13")


def read(path: str) -> None:
    print("reader: opens it")
    with open(path) as fifo:
        print("reader: the writer has come")
        print(f"reader: got {fifo.read()}, then end of file")


def is_unread(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        return error.errno == errno.ENXIO
    return False


def main() -> None:
    path = os.path.join(tempfile.gettempdir(), f"ipc-{os.getpid()}.fifo")
    if os.path.exists(path):
        os.unlink(path)  # left by a dead namesake
    os.mkfifo(path, 0o600)
    try:
        made = str(stat.S_ISFIFO(os.stat(path).st_mode)).lower()
        nobody = str(is_unread(path)).lower()
        print(f"main: made a fifo: {made}, nobody reads it: {nobody}")
        programs = [
            subprocess.Popen([*PYTHON, __file__, role, path])
            for role in ("writer", "reader")
        ]
        for program in programs:
            program.wait()
    finally:
        os.unlink(path)
    print(f"main: removed it, there: {str(os.path.exists(path)).lower()}")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    match sys.argv:
        case [_, "writer", path]:
            write(path)
        case [_, "reader", path]:
            read(path)
        case _:
            main()
