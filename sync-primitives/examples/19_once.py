"""Once: many threads come, one initialises, all see it."""

import threading

settings: str | None = None
settings_lock = threading.Lock()
times_read = 0
reading = threading.Event()
go_on = threading.Event()
all_here = threading.Barrier(8)


def read(worker: int) -> str:
    global times_read
    print(f"worker {worker}: reads them")
    times_read += 1
    reading.set()
    go_on.wait()
    return "port 8080"


def get_or_read(worker: int) -> str:
    global settings
    if settings is None:
        with settings_lock:
            if settings is None:  # nobody was quicker
                settings = read(worker)
    return settings


def work(worker: int) -> None:
    all_here.wait()
    print(f"worker {worker}: sees {get_or_read(worker)}")


def main() -> None:
    print("main: 8 workers want the settings")
    workers = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for worker in workers:
        worker.start()
    reading.wait()
    if settings is None:
        print("main: one is reading, nothing to see yet")
    else:
        print(f"main: sees {settings}")
    go_on.set()
    for worker in workers:
        worker.join()
    print(f"main: times read: {times_read}")


if __name__ == "__main__":
    main()
