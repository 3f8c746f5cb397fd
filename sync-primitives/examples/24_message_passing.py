"""Message passing: one thread owns the data, the others ask it."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor

Ticket = tuple[int, int]  # the number, and the thread that gave it out
Reply = queue.SimpleQueue[Ticket]
Requests = queue.SimpleQueue[Reply | None]
Order = tuple[int, int, int]  # from, to and how much


def give_out(requests: Requests) -> None:
    given = 0
    while (reply := requests.get()) is not None:
        given += 1
        reply.put((given, threading.get_ident()))
    print(f"owner: gave out {given}")


def ask(requests: Requests) -> Ticket:
    reply: Reply = queue.SimpleQueue()
    requests.put(reply)
    return reply.get()


def collect(
    name: str, requests: Requests, all_here: threading.Barrier
) -> list[Ticket]:
    all_here.wait()
    tickets = [ask(requests) for _ in range(100)]
    rising = str(tickets == sorted(tickets)).lower()
    print(f"{name}: {len(tickets)} tickets, rising: {rising}")
    return tickets


def hand_out_tickets() -> None:
    print("main: 3 clients, 100 tickets each")
    requests: Requests = queue.SimpleQueue()
    owner = threading.Thread(target=give_out, args=(requests,))
    owner.start()
    all_here = threading.Barrier(3)
    with ThreadPoolExecutor(max_workers=3) as pool:
        clients = [
            pool.submit(collect, name, requests, all_here)
            for name in ("ann", "bob", "cid")
        ]
        tickets = [ticket for client in clients for ticket in client.result()]
    requests.put(None)
    owner.join()
    numbers = {number for number, _ in tickets}
    complete = str(numbers == set(range(1, 301))).lower()
    print(f"main: {len(numbers)} different tickets, 1 to 300: {complete}")
    alone = str({giver for _, giver in tickets} == {owner.ident}).lower()
    print(f"main: given out by the owner alone: {alone}")


def keep_accounts(orders: queue.SimpleQueue[Order | None]) -> None:
    accounts = [100, 100]
    made = 0
    while (order := orders.get()) is not None:
        source, target, amount = order
        accounts[source] -= amount
        accounts[target] += amount
        made += 1
    print(f"bank: has made {made} transfers, now {accounts}")


def transfer_both_ways() -> None:
    orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
    both_here = threading.Barrier(2)

    def order(who: str, source: int, target: int, amount: int) -> None:
        both_here.wait()
        print(f"{who}: orders {amount} from {source} to {target}")
        orders.put((source, target, amount))

    bank = threading.Thread(target=keep_accounts, args=(orders,))
    bank.start()
    clients = [
        threading.Thread(target=order, args=args)
        for args in (("dan", 0, 1, 30), ("eve", 1, 0, 10))
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    orders.put(None)
    bank.join()


def main() -> None:
    hand_out_tickets()
    transfer_both_ways()
    print("main: the bank has closed")


if __name__ == "__main__":
    main()
