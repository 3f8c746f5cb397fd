"""Thread result: a value, an error or a bug comes back through the future."""

import queue
from concurrent.futures import ThreadPoolExecutor


def read_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a number') from None


def find_shelf() -> int:
    raise LookupError("no such shelf")


def main() -> None:
    news: queue.SimpleQueue[str] = queue.SimpleQueue()
    with ThreadPoolExecutor(max_workers=4) as threads:
        adder = threads.submit(sum, range(1, 101))
        reader = threads.submit(read_number, "12 apples")
        finder = threads.submit(find_shelf)
        bystander = threads.submit(news.get)

        print(f"main: adder returned {adder.result()}")

        try:
            print(f"main: reader returned {reader.result()}")
        except ValueError as error:
            print(f"main: reader returned an error: {error}")

        bug = finder.exception()
        print(f"main: finder panicked: {bug}")

        news.put(str(bug))
        heard = bystander.result()
        print(f"main: bystander returned: still here after {heard}")


if __name__ == "__main__":
    main()
