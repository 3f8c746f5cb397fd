"""Thread pool, as completed: each result as soon as it is there."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

batons = [threading.Event() for _ in range(4)]
next_after = {1: 2, 2: 0}


def square(task: int) -> int:
    batons[task].wait()
    return task * task


def main() -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        futures = {}
        for task in range(4):
            future = pool.submit(square, task)
            futures[future] = task
            if task in next_after:
                baton = batons[next_after[task]]
                future.add_done_callback(lambda _, baton=baton: baton.set())
        print("main: tasks 0, 1, 2, 3 submitted")
        batons[3].set()
        for future in as_completed(futures):
            task = futures[future]
            print(f"main: task {task} gave {future.result()}")
            if task == 3:
                print("main: the others may end now")
                batons[1].set()


if __name__ == "__main__":
    main()
