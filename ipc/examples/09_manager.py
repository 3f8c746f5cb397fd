"""Manager: one process holds the data, the others ask it."""

import multiprocessing
from collections.abc import MutableMapping, MutableSequence
from multiprocessing.synchronize import Barrier, Event

ctx = multiprocessing.get_context("fork")  # hands on the proxies as they are

Shared = tuple[MutableMapping, MutableSequence]


def add_one(shared_dict: MutableMapping, both_have_read: Barrier) -> None:
    """Two calls, between which another client may write."""
    seen = shared_dict["count"]
    both_have_read.wait()
    shared_dict["count"] = seen + 1


def ann(
    shared: Shared, to_bob: Event, from_bob: Event, both_have_read: Barrier
) -> None:
    shared_dict, shared_list = shared
    print("ann: sets key to value")
    shared_dict["key"] = "value"
    print("ann: puts ann on the list")
    shared_list.append("ann")
    to_bob.set()
    from_bob.wait()
    print(f"ann: finds that item 1 is {shared_list[1]}")
    add_one(shared_dict, both_have_read)


def bob(
    shared: Shared, to_ann: Event, from_ann: Event, both_have_read: Barrier
) -> None:
    shared_dict, shared_list = shared
    from_ann.wait()
    print(f"bob: finds that key is {shared_dict['key']}")
    try:
        print(f"bob: asks for item 9: {shared_list[9]}")
    except IndexError:
        print("bob: asks for item 9: no such item")
    print("bob: puts bob on the list")
    shared_list.append("bob")
    to_ann.set()
    add_one(shared_dict, both_have_read)


def main() -> None:
    with ctx.Manager() as manager:
        shared_dict, shared_list = manager.dict(), manager.list()
        print("main: the server runs, with a dict and a list")
        shared_dict["count"] = 0
        shared = (shared_dict, shared_list)
        ready, done, both_have_read = ctx.Event(), ctx.Event(), ctx.Barrier(2)
        clients = [
            ctx.Process(target=bob, args=(shared, done, ready, both_have_read)),
            ctx.Process(target=ann, args=(shared, ready, done, both_have_read)),
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert not any(client.exitcode for client in clients)
        key, (first, second) = shared_dict["key"], shared_list
        print(f"main: key is {key}, item 0 is {first}, item 1 is {second}")
        count = shared_dict["count"]
        print(f"main: ann and bob added 1 to a counter, it is {count}")
        [server] = multiprocessing.active_children()
    ended = str(not server.is_alive()).lower()
    print(f"main: the server has ended: {ended}")


if __name__ == "__main__":
    main()
