"""Subprocess timeout: a foreign program that takes too long is ended, whole."""

import contextlib
import os
import signal
import subprocess
import threading
import time

SHORT = 0.05
LONG = 60
MOST = 64 * 1024  # no more than that of a program's output is kept
# What each runs, how long it may take, and how long it may tidy up.
PROGRAMS = [
    ("quick", "echo ready", LONG, LONG),
    ("slow", "echo ready; sleep 1000 & sleep 1000", SHORT, LONG),
    ("stubborn", 'trap "" TERM; echo ready; sleep 1000', SHORT, SHORT),
]


def ended_within(program: subprocess.Popen[str], limit: float) -> bool:
    """Waits until it has ended, and leaves it to be waited for.

    `program.wait(timeout=limit)` would give its pid back, the group's number.
    """
    end = time.monotonic() + limit
    flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, program.pid, flags) is None:
        if time.monotonic() >= end:
            return False
        time.sleep(0.002)
    return True


def run(script: str, limit: float, grace: float) -> str:
    """Runs it, and tells how that went."""
    program = subprocess.Popen(
        ["sh", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        text = [program.stdout.readline()]  # the limit begins when it is ready
        reader = threading.Thread(
            target=lambda: text.append(program.stdout.read(MOST))
        )
        reader.start()
        told = "in time"
        if not ended_within(program, limit):
            told = "too late, asked"
            os.killpg(program.pid, signal.SIGTERM)
            if not ended_within(program, grace):
                told += ", killed"
    finally:
        os.killpg(program.pid, signal.SIGKILL)  # what is left
        code = program.wait()
        with contextlib.suppress(ProcessLookupError):
            for _ in range(1000):  # until init has waited for the others
                os.killpg(program.pid, 0)
                time.sleep(0.001)
    if code >= 0:
        told += f", exit code {code}"
    else:
        told += f", ended by {signal.Signals(-code).name}"
    reader.join()
    program.stdout.close()
    return f'{told}, output "{"".join(text).rstrip()}" has ended'


def main() -> None:
    for name, script, limit, grace in PROGRAMS:
        print(f"main: {name}: {run(script, limit, grace)}")


if __name__ == "__main__":
    main()
