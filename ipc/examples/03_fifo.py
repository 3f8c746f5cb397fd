"""FIFO: a pipe with a path."""

import errno
import os
import stat
import subprocess
import sys
import tempfile

PYTHON = (sys.executable, "-I", "-S", "-B")


def write(path: str) -> None:
    print("writer: opens it", flush=True)
    with open(path, "w") as fifo:
        print("writer: the reader has come, sends 5, 10, 13", flush=True)
        fifo.write("5, 10, 13")


def read(path: str) -> None:
    print("reader: opens it", flush=True)
    with open(path) as fifo:
        print("reader: the writer has come", flush=True)
        print(f"reader: got {fifo.read()}, then end of file")


def is_read(path: str) -> str:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return "false"
    return "true"


def is_there(path: str) -> str:
    return str(os.path.exists(path)).lower()


def start_both() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "fifo")
        os.mkfifo(path, 0o600)
        made = str(stat.S_ISFIFO(os.stat(path).st_mode)).lower()
        print(f"main: made a fifo: {made}, it has a reader: {is_read(path)}")
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        print(f"main: opened it to read, it has a reader: {is_read(path)}")
        os.close(reader)

        programs = [
            subprocess.Popen([*PYTHON, __file__, role, path])
            for role in ("writer", "reader")
        ]
        codes = [program.wait() for program in programs]
        assert codes == [0, 0], codes
        print(f"main: both have ended, there by path: {is_there(path)}")
        os.unlink(path)
        print(f"main: removed it, there by path: {is_there(path)}")


def main() -> None:
    match sys.argv:
        case [_, "writer", path]:
            write(path)
        case [_, "reader", path]:
            read(path)
        case _:
            start_both()


if __name__ == "__main__":
    main()
