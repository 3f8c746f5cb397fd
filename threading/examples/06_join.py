"""Join: after `join` the result is there, every time."""

import threading

ROUNDS = 200
result = 0


def work(round_: int) -> None:
    global result
    result = round_


def main() -> None:
    print(f"main: {ROUNDS} threads, one after the other")
    there = 0
    for round_ in range(1, ROUNDS + 1):
        worker = threading.Thread(target=work, args=(round_,))
        worker.start()
        worker.join()
        if result == round_:
            there += 1
    print(f"main: the result was there {there} times of {ROUNDS}")


if __name__ == "__main__":
    main()
