"""Full pipe: a program hangs when its output grows."""

import select
import subprocess
import sys

SIZE = 1_000_000
PATIENCE = 0.1


def start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", __file__, "talk"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def talk() -> None:
    """The program that talks much, on stderr first."""
    sys.stderr.buffer.write(b"e" * SIZE)
    sys.stdout.buffer.write(b"o" * SIZE)


def ends_within(program: subprocess.Popen[bytes], seconds: float) -> str:
    try:
        program.wait(seconds)
    except subprocess.TimeoutExpired:
        return "false"
    return "true"


def main() -> None:
    with start() as stuck:
        ended = ends_within(stuck, PATIENCE)
        limit = f"{PATIENCE * 1000:.0f} ms"
        print(f"main: waits, ended within {limit}: {ended}")
        ready, _, _ = select.select([stuck.stdout], [], [], PATIENCE)
        came = str(bool(ready)).lower()
        print(f"main: reads stdout alone, anything within {limit}: {came}")
        size = len(stuck.stderr.read(SIZE))
        print(f"main: reads stderr, too: {size} bytes")
        size = len(stuck.stdout.read())
        code = stuck.wait()
        print(f"main: then stdout: {size} bytes, ended with {code}")

    with start() as cured:
        out, err = map(len, cured.communicate())
    print(
        f"main: drains both at the same time: {out} and {err} bytes, "
        f"ended with {cured.returncode}"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["talk"]:
        talk()
    else:
        main()
