"""Barrier: nobody goes on before the last one has come."""

import threading
from concurrent.futures import ThreadPoolExecutor


def run(name: str, barrier: threading.Barrier) -> list[bool]:
    led = []
    for lap in (1, 2):
        print(f"{name}: at the line, lap {lap}")
        led.append(barrier.wait() == 0)
        print(f"{name}: off, lap {lap}")
    return led


def main() -> None:
    runners = ("ann", "bob", "cid")
    print(f"main: {len(runners)} runners, 2 laps")
    barrier = threading.Barrier(len(runners))
    with ThreadPoolExecutor(max_workers=len(runners)) as threads:
        running = [threads.submit(run, name, barrier) for name in runners]
        first, second = zip(
            *(runner.result() for runner in running), strict=True
        )
    print(f"main: leaders in lap 1: {sum(first)}, in lap 2: {sum(second)}")


if __name__ == "__main__":
    main()
