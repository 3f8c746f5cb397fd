"""Thread local: one name, and for each thread a value of its own."""

import threading

local = threading.local()

# Passed when all three workers have written.
WRITTEN = threading.Barrier(3)


class Session:
    def __init__(self, thread: str, user: str) -> None:
        self.thread = thread
        self.user = user

    def __del__(self) -> None:
        print(f"{self.thread}: closes the session of {self.user}")


def user() -> str:
    session: Session | None = getattr(local, "session", None)
    return session.user if session else "nobody"


def serve(worker: int, name: str, leaders: list[int]) -> None:
    before = user()
    local.session = Session(f"worker {worker}", name)
    if WRITTEN.wait() == 0:
        leaders.append(worker)
    print(f"worker {worker}: user was {before}, is {user()}")


def main() -> None:
    local.session = Session("main", "admin")
    print(f"main: user is {user()}")
    leaders: list[int] = []
    workers = [
        threading.Thread(target=serve, args=(worker, name, leaders))
        for worker, name in enumerate(("ann", "bob", "cid"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"main: the workers met {len(leaders)} time, user is still {user()}")
    del local.session


if __name__ == "__main__":
    main()
