"""Process lock: several processes, one terminal, records that stay whole."""

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event, Lock

# As the Rust does; since Python 3.14 Linux's default is forkserver.
context = multiprocessing.get_context("fork")


def write_record(
    name: str, lock: Lock | None, arrived: Connection, gate: Event
) -> None:
    with contextlib.ExitStack() as on_exit:
        if lock is not None:
            if not lock.acquire(block=False):
                print(f"{name}: refused, waits")
                arrived.close()
                lock.acquire()  # waits
            on_exit.callback(lock.release)
        print(f"{name}: line 1 of 3")
        arrived.close()
        gate.wait()
        print(f"{name}: line 2 of 3")
        print(f"{name}: line 3 of 3")


def write_records(lock: Lock | None) -> int:
    gate = context.Event()
    children = []
    for name in ("tango", "foxtrot", "ten"):
        arrival, arrived = context.Pipe(duplex=False)
        child = context.Process(
            target=write_record,
            name=name,
            args=(name, lock, arrived, gate),
            daemon=True,  # ended when the program fails
        )
        child.start()
        children.append(child)
        arrived.close()
        arrival.poll(None)  # end of file: in the middle, or refused
        arrival.close()
    gate.set()
    for child in children:
        child.join()
        if child.exitcode != 0:
            raise ChildProcessError(f"{child.name}: {child.exitcode}")
    return len(children)


def main() -> None:
    print("main: without a lock")
    write_records(None)
    print("main: with a lock")
    written = write_records(context.Lock())
    print(f"main: {written} processes have ended well")


if __name__ == "__main__":
    main()
