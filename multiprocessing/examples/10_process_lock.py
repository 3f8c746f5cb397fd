"""Process lock: several processes, one terminal, records that stay whole."""

import contextlib
import multiprocessing
import sys

context = multiprocessing.get_context("fork")


def write_record(name, lock, arrived, gate, gate_keeper) -> None:
    # The gate opens when no process has its other end any more.
    gate_keeper.close()
    with contextlib.ExitStack() as on_exit:
        if lock:
            if not lock.acquire(block=False):
                arrived.close()
                lock.acquire()
            on_exit.callback(lock.release)
        print(f"{name}: line 1 of 3")
        arrived.close()
        gate.poll(None)  # end of file: the others are inside, or were refused
        print(f"{name}: line 2 of 3")
        print(f"{name}: line 3 of 3")


def write_records(lock) -> None:
    gate, gate_keeper = context.Pipe(duplex=False)
    children = []
    for name in ("tango", "foxtrot", "ten"):
        arrival, arrived = context.Pipe(duplex=False)
        child = context.Process(
            target=write_record, args=(name, lock, arrived, gate, gate_keeper)
        )
        child.start()
        children.append(child)
        arrived.close()
        arrival.poll(None)  # end of file: it is inside, or was refused
    gate_keeper.close()
    for child in children:
        child.join()


def main() -> None:
    print("main: without a lock")
    write_records(None)
    print("main: with a lock")
    write_records(context.Lock())
    print("main: done")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
