"""Event: a flag that any number of threads can wait for."""

import queue
import threading

flag = threading.Event()
came: queue.SimpleQueue[str] = queue.SimpleQueue()
off = []


def run(who: str) -> None:
    came.put(who)
    flag.wait()
    off.append(who)
    print(f"{who}: off")


def start(*runners: str) -> list[threading.Thread]:
    threads = [threading.Thread(target=run, args=(who,)) for who in runners]
    for thread in threads:
        thread.start()
    return threads


def go(threads: list[threading.Thread]) -> None:
    waiting = [came.get() for _ in threads]
    print(f"main: {len(waiting)} at the line, {len(off)} off")
    print("main: go")
    flag.set()
    for thread in threads:
        thread.join()


def main() -> None:
    go(start("ann", "bob", "cid"))
    print("main: the flag stays up")
    (late,) = start("dan")
    late.join()
    came.get()
    flag.clear()
    print("main: the flag is down")
    go(start("eve"))


if __name__ == "__main__":
    main()
