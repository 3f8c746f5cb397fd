"""Grandchild holds pipe: the program has ended, its output has not."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator

# It leaves a program in the background that has inherited its output.
SCRIPT = "sleep 1000 & echo started"


@contextlib.contextmanager
def started() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        ["sh", "-c", SCRIPT],
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as program:
        try:
            yield program
        finally:
            end(program)


def end(program: subprocess.Popen[str]) -> int:
    """Kills what is left of the group, and gives the program's exit code.

    The group's number is the pid, which stays taken until it was waited for.
    """
    if program.returncode is None:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        with contextlib.suppress(ProcessLookupError):
            for _ in range(1000):  # until init has waited for the others
                os.killpg(program.pid, 0)
                time.sleep(0.001)
    return program.returncode


def has_ended(program: subprocess.Popen[str]) -> bool:
    """Waits until it has ended, and leaves it to be waited for."""
    how = os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOWAIT)
    return how is not None


def read_for_a_while(program: subprocess.Popen[str]) -> tuple[str, bool]:
    """What there is to read in some time, and whether the end of file came."""
    try:
        output, _ = program.communicate(timeout=0.3)
        return output.rstrip(), True
    except subprocess.TimeoutExpired as error:
        # Bytes, also where text was asked for.
        return (error.output or b"").decode().rstrip(), False


def say(flag: bool) -> str:
    return str(flag).lower()


def main() -> None:
    with started() as program:
        print(f"main: the program has ended: {say(has_ended(program))}")
        text, ended = read_for_a_while(program)
        print(f'main: its output has said "{text}", has ended: {say(ended)}')
        end(program)
        _, ended = read_for_a_while(program)
        said = say(ended)
        print(f"main: the group is killed, the output has ended: {said}")

    with started() as program:
        has_ended(program)
        code = end(program)  # the cure
        text, ended = read_for_a_while(program)
        print(
            f'main: cured, exit code {code}, output "{text}",'
            f" has ended: {say(ended)}"
        )


if __name__ == "__main__":
    main()
