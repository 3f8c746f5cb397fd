"""Message passing: one thread owns the counter, the others ask it."""

import queue
import threading

Reply = queue.SimpleQueue[int]

requests: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
everyones: queue.SimpleQueue[list[int]] = queue.SimpleQueue()


def own() -> None:
    given = 0
    while (reply := requests.get()) is not None:
        given += 1
        reply.put(given)
    print(f"owner: gave out {given}")


def ask() -> int:
    reply: Reply = queue.SimpleQueue()
    requests.put(reply)
    return reply.get()


def collect(name: str) -> None:
    tickets = [ask() for _ in range(100)]
    rising = str(tickets == sorted(tickets)).lower()
    print(f"{name}: {len(tickets)} tickets, rising: {rising}")
    everyones.put(tickets)


def main() -> None:
    print("main: 3 clients, 100 tickets each")
    owner = threading.Thread(target=own)
    owner.start()
    clients = [
        threading.Thread(target=collect, args=(name,))
        for name in ("ann", "bob", "cid")
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    requests.put(None)
    owner.join()
    tickets = {ticket for _ in clients for ticket in everyones.get()}
    complete = str(tickets == set(range(1, 301))).lower()
    print(f"main: {len(tickets)} different tickets, 1 to 300: {complete}")


if __name__ == "__main__":
    main()
