"""Silent failure: nobody looks at the result, and nobody hears of the error."""

import queue
import time
from concurrent.futures import ThreadPoolExecutor, wait

LIMIT = 0.02


def save(item: str) -> None:
    raise OSError(f"no room for {item}")


def consume(items: "queue.Queue[str]") -> None:
    while not items.empty():
        save(items.get())
        items.task_done()


def filled() -> "queue.Queue[str]":
    items: queue.Queue[str] = queue.Queue()
    for item in ("a", "b"):
        items.put(item)
    return items


def report(what: str, told: list[str]) -> None:
    text = ", ".join([str(len(told)), *told])
    print(f"main: {what}: all done, errors told: {text}")


def main() -> None:
    told: list[str] = []
    with ThreadPoolExecutor() as threads:
        future = threads.submit(save, "a")
    del future  # nobody looks
    report("handle dropped", told)

    with ThreadPoolExecutor() as threads:
        future = threads.submit(save, "a")
    if error := future.exception():
        told.append(str(error))
    report("handle joined", told)

    items = filled()
    with ThreadPoolExecutor() as threads:
        wait([threads.submit(consume, items)])
        # `items.join()` with a limit: without one it would wait for ever.
        start = time.perf_counter()
        with items.all_tasks_done:
            items.all_tasks_done.wait_for(
                lambda: not items.unfinished_tasks, timeout=LIMIT
            )
        ms = round((time.perf_counter() - start) * 1000)
        print(
            f"main: waits for the items: {items.qsize()} in the queue, "
            f"{items.unfinished_tasks} unfinished after {ms} ms"
        )

    items = filled()
    with ThreadPoolExecutor() as threads:
        consumer = threads.submit(consume, items)
    try:
        consumer.result()
        print("main: waits for the consumer: all done")
    except OSError as error:
        print(f"main: waits for the consumer: told, {error}")


if __name__ == "__main__":
    main()
