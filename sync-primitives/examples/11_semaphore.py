"""Semaphore: two permits, five workers."""

import queue
import threading

semaphore = threading.Semaphore(2)
counts = threading.Lock()
inside = most = 0
entered: queue.SimpleQueue[None] = queue.SimpleQueue()
let_out: queue.SimpleQueue[None] = queue.SimpleQueue()


def work(worker: int) -> None:
    global inside, most
    print(f"worker {worker}: waiting")
    with semaphore:
        with counts:
            inside += 1
            most = max(most, inside)
        print(f"worker {worker}: inside")
        entered.put(None)
        let_out.get()
        print(f"worker {worker}: leaving")
        with counts:
            inside -= 1


def main() -> None:
    print("main: 2 permits, 5 workers")
    workers = [threading.Thread(target=work, args=(n,)) for n in range(5)]
    for worker in workers[:2]:
        worker.start()
    entered.get()
    entered.get()
    if semaphore.acquire(blocking=False):
        print("main: two are inside, and a third permit")
        semaphore.release()
    else:
        print("main: two are inside, no third permit")
    for worker in workers[2:]:
        worker.start()
    for _ in range(2, 5):
        let_out.put(None)
        entered.get()
    let_out.put(None)
    let_out.put(None)
    for worker in workers:
        worker.join()
    print(f"main: most inside at once: {most}")


if __name__ == "__main__":
    main()
