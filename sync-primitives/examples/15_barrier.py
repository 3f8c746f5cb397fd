"""Barrier: nobody goes on before the last one has come."""

import threading

leaders = []


def run(name: str, barrier: threading.Barrier) -> None:
    for lap in (1, 2):
        print(f"{name}: at the line, lap {lap}")
        if barrier.wait() == 0:
            leaders.append(name)
        print(f"{name}: off, lap {lap}")


def main() -> None:
    print("main: 3 runners, 2 laps")
    barrier = threading.Barrier(3)
    runners = [
        threading.Thread(target=run, args=(name, barrier))
        for name in ("ann", "bob", "cid")
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    print(f"main: 2 laps, {len(leaders)} leaders")


if __name__ == "__main__":
    main()
