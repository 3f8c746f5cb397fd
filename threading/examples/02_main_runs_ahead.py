"""Main runs ahead: read without `join`, the result is not there yet."""

import queue
import threading

result = "Initial value"


def work(go: "queue.SimpleQueue[None]") -> None:
    global result
    # Slower than main, whatever main does before it lets go.
    go.get()
    result = "The thread result"
    print("worker: wrote its result")


def main() -> None:
    go: queue.SimpleQueue[None] = queue.SimpleQueue()
    worker = threading.Thread(target=work, args=(go,))
    worker.start()

    early = result
    print(f'main: reads "{early}"')

    go.put(None)
    worker.join()
    print(f'main: after join, reads "{result}"')


if __name__ == "__main__":
    main()
