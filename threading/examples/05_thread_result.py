"""Thread result: a value, an error or a bug comes back through the future."""

import queue
from concurrent.futures import ThreadPoolExecutor

Words = queue.SimpleQueue[str]


def read_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a number') from None


def find_shelf(asked: Words) -> int:
    raise LookupError(f"no shelf for {asked.get()}")


def stand_by(news: Words, ask: Words) -> str:
    ask.put("bystander")
    return f"still here after {news.get()}"


def main() -> None:
    news: Words = queue.SimpleQueue()
    asked: Words = queue.SimpleQueue()
    with ThreadPoolExecutor(max_workers=4) as threads:
        adder = threads.submit(sum, range(1, 101))
        reader = threads.submit(read_number, "12 apples")
        finder = threads.submit(find_shelf, asked)
        bystander = threads.submit(stand_by, news, asked)

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
