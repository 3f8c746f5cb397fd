"""Thread result: a value, an error or a bug comes back through the future."""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor


def read_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a number') from None


def find_shelf(number: int, both: threading.Barrier) -> int:
    both.wait()
    raise LookupError(f"no such shelf as {number}")


def stand_by(news: "queue.SimpleQueue[str]", both: threading.Barrier) -> str:
    both.wait()
    return f"still here after {news.get()}"


def main() -> None:
    news: queue.SimpleQueue[str] = queue.SimpleQueue()
    both = threading.Barrier(2)
    with ThreadPoolExecutor(max_workers=4) as threads:
        adder = threads.submit(sum, range(1, 101))
        reader = threads.submit(read_number, "12 apples")
        finder = threads.submit(find_shelf, 7, both)
        bystander = threads.submit(stand_by, news, both)

        print(f"main: adder returned {adder.result()}")

        try:
            print(f"main: reader returned {reader.result()}")
        except ValueError as error:
            print(f"main: reader returned an error: {error}")

        bug = finder.exception()
        print(f"main: finder panicked: {bug}")

        news.put(str(bug))
        print(f"main: bystander returned: {bystander.result()}")


if __name__ == "__main__":
    main()
