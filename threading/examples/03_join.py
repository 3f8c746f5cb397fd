"""Join: after `join` the result is there, every time."""

import threading

ROUNDS = 200


def main() -> None:
    print(f"main: {ROUNDS} threads, one after the other")
    before = after = 0
    for round_ in range(1, ROUNDS + 1):
        result = 0
        looked = threading.Barrier(2)

        def work(looked: threading.Barrier, round_: int) -> None:
            nonlocal result
            looked.wait()
            if round_ == ROUNDS:
                print(f"worker: writes {round_}")
            result = round_

        worker = threading.Thread(target=work, args=(looked, round_))
        worker.start()
        before += result == round_
        looked.wait()
        worker.join()
        after += result == round_
    print(f"main: before join, the result was there {before} times")
    print(f"main: after join, the result was there {after} times")


if __name__ == "__main__":
    main()
