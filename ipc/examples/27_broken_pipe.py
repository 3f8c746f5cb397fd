"""Broken pipe: the program dies when its reader goes."""

import json
import os
import signal
import subprocess
import sys


def say_hello() -> None:
    print("hello", flush=True)


def look_at_the_error() -> None:
    try:
        print("hello", flush=True)
    except BrokenPipeError:
        # The text is still in the buffer, and is flushed once more at the end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def die_of_sigpipe() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print("hello", flush=True)


def run(how: str, reader_stays: bool) -> None:
    """Runs this program with its output in a pipe, and tells how it ended."""
    reader, writer = os.pipe()
    if not reader_stays:
        os.close(reader)  # before the write
    program = subprocess.run(
        [sys.executable, "-I", "-S", "-B", __file__, how],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    told = str("Broken pipe" in program.stderr).lower()
    got = "none"
    if reader_stays:
        with open(reader) as pipe:
            got = f"got {json.dumps(pipe.read())}"
    how_ended = end(program.returncode)
    print(f"main: {how}, reader: {got}, {how_ended}, told: {told}")


def end(code: int) -> str:
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with {code}"


def main() -> None:
    match sys.argv[1:]:
        case ["print"]:
            say_hello()
        case ["look"]:
            look_at_the_error()
        case ["default"]:
            die_of_sigpipe()
        case _:
            run("print", reader_stays=False)
            run("look", reader_stays=False)
            run("default", reader_stays=False)
            run("print", reader_stays=True)


if __name__ == "__main__":
    main()
