"""Event descriptor: a counter that wakes."""

import multiprocessing
import os
import select


def take(counter: int) -> str:
    try:
        return str(os.eventfd_read(counter))
    except BlockingIOError:
        return "nothing"


def sleep_until_woken(counter: int, pipe: int) -> None:
    poller = select.poll()
    poller.register(pipe, select.POLLIN)
    poller.register(counter, select.POLLIN)
    ready = [descriptor for descriptor, _ in poller.poll()]
    by_pipe, by_counter = pipe in ready, counter in ready
    print(
        f"child: woken, pipe: {str(by_pipe).lower()}, "
        f"counter: {str(by_counter).lower()}"
    )


def work(counter: int, ready: int, pipe: int) -> None:
    print(f"child: takes {take(counter)}, then {take(counter)}")
    os.eventfd_write(ready, 1)
    sleep_until_woken(counter, pipe)
    os.read(pipe, 1)
    os.eventfd_write(ready, 1)
    sleep_until_woken(counter, pipe)
    print(f"child: takes {take(counter)}")


def main() -> None:
    if not hasattr(os, "eventfd"):
        print("main: skipped, there are no event descriptors here")
        return
    counter = os.eventfd(0, os.EFD_NONBLOCK)
    print("main: adds 3 and 4 to a counter")
    os.eventfd_write(counter, 3)
    os.eventfd_write(counter, 4)
    ready = os.eventfd(0)
    from_main, to_child = os.pipe()
    ctx = multiprocessing.get_context("fork")  # as the Rust does
    child = ctx.Process(target=work, args=(counter, ready, from_main))
    child.start()
    os.eventfd_read(ready)  # waits until the child has written
    print("main: writes to a pipe")
    os.write(to_child, b"!")
    os.eventfd_read(ready)
    print("main: adds 1")
    os.eventfd_write(counter, 1)
    child.join()
    print(f"main: the child ended with {child.exitcode}")

    semaphore = os.eventfd(2, os.EFD_SEMAPHORE | os.EFD_NONBLOCK)
    first, second, third = (take(semaphore) for _ in range(3))
    print(f"main: a semaphore of 2, takes {first}, {second}, then {third}")
    for descriptor in (counter, ready, from_main, to_child, semaphore):
        os.close(descriptor)


if __name__ == "__main__":
    main()
