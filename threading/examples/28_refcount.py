"""Reference count: a plain one is torn, the interpreter's own is not."""

import sys
import threading

count = 1
both_loaded = threading.Barrier(2)


def add_owner() -> None:
    """Adds an owner as `count += 1` does in C, where no lock is held."""
    global count
    seen = count
    both_loaded.wait()
    count = seen + 1


def run_in_two_threads(work) -> None:
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    global count
    run_in_two_threads(add_owner)
    print(f"plain: 3 owners, the count says {count}")
    count -= 2
    freed = ", freed too early" if count == 0 else ""
    print(f"plain: 1 owner, the count says {count}{freed}")

    first = object()
    others = []
    both_here = threading.Barrier(2)
    # The call of `getrefcount` holds references of its own.
    extra = sys.getrefcount(first) - 1

    def add_reference() -> None:
        both_here.wait()
        others.append(first)

    run_in_two_threads(add_reference)
    print(f"safe: 3 owners, the count says {sys.getrefcount(first) - extra}")
    others.clear()
    print(f"safe: 1 owner, the count says {sys.getrefcount(first) - extra}")


if __name__ == "__main__":
    main()
