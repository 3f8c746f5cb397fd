"""Manager: one process holds the data, the others ask it."""

import multiprocessing
import sys

ctx = multiprocessing.get_context("fork")


def ann(shared_dict, shared_list, to_bob, from_bob) -> None:
    print("ann: sets key to value")
    shared_dict["key"] = "value"
    print("ann: puts ann on the list")
    shared_list.append("ann")
    to_bob.set()
    from_bob.wait()
    print(f"ann: finds that item 1 is {shared_list[1]}")


def bob(shared_dict, shared_list, to_ann, from_ann) -> None:
    from_ann.wait()
    print(f"bob: finds that key is {shared_dict['key']}")
    try:
        print(f"bob: asks for item 9 and gets {shared_list[9]}")
    except IndexError:
        print("bob: asks for item 9 and gets an error")
    print("bob: puts bob on the list")
    shared_list.append("bob")
    to_ann.set()


def main() -> None:
    with ctx.Manager() as manager:
        shared_dict, shared_list = manager.dict(), manager.list()
        print("main: the server runs, with a dict and a list")
        ready, done = ctx.Event(), ctx.Event()
        shared = (shared_dict, shared_list)
        clients = [
            ctx.Process(target=ann, args=(*shared, ready, done)),
            ctx.Process(target=bob, args=(*shared, done, ready)),
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        key, (first, second) = shared_dict["key"], shared_list
        print(f"main: key is {key}, item 0 is {first}, item 1 is {second}")
    if not multiprocessing.active_children():
        print("main: the server has ended")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    main()
