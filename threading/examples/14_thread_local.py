"""Thread local: one name, and for each thread a value of its own."""

import threading

local = threading.local()

# Passed when all three workers have written.
WRITTEN = threading.Barrier(3)


def serve(worker: int, user: str) -> None:
    before = getattr(local, "user", "nobody")
    local.user = user
    WRITTEN.wait()
    print(f"worker {worker}: user is {before}, then {local.user}")


def main() -> None:
    local.user = "admin"
    print(f"main: user is {local.user}")
    workers = [
        threading.Thread(target=serve, args=(worker, user))
        for worker, user in enumerate(("ann", "bob", "cid"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"main: user is still {local.user}")


if __name__ == "__main__":
    main()
