"""Kernel tasks: what the kernel schedules, be it called thread or process."""

import multiprocessing
import os
import sys
import threading


def report(name: str) -> None:
    tasks = len(os.listdir("/proc/self/task"))
    tid = threading.get_native_id()
    print(f"{name}: pid {os.getpid()}, tid {tid}, tasks {tasks}")


def in_thread(name: str, all_there: threading.Barrier) -> None:
    all_there.wait()
    report(name)
    all_there.wait()


def main() -> None:
    report("main")
    context = multiprocessing.get_context("fork")
    children = [
        context.Process(target=report, args=(f"process {number}",))
        for number in (1, 2, 3)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    all_there = threading.Barrier(3)
    threads = [
        threading.Thread(target=in_thread, args=(f"thread {n}", all_there))
        for n in (1, 2, 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    if sys.platform == "linux":
        main()
    else:
        print("main: skipped, /proc is Linux's own")
