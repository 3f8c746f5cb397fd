"""Fork: one call, two returns."""

import os
import sys


def main() -> None:
    counter = 0
    print(f"main: counter {counter}, one process, pid {os.getpid()}")
    sys.stdout.flush()
    child = os.fork()
    if child:
        name, step = "parent", 10
        print(f"parent: I am {os.getpid()}, fork gave me {child}")
    else:
        name, step = "child", 1
        print(f"child: I am {os.getpid()}, fork gave me nothing")
    # Both run what follows.
    counter += step
    print(f"{name}: counter {counter}")
    if not child:
        sys.stdout.flush()
        os._exit(3)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    print(f"{name}: the child exited with {code}, counter {counter}")


if __name__ == "__main__":
    main()
