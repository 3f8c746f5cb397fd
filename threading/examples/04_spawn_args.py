"""Spawn with arguments: by position, by name, and by giving a value away."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

# The couriers leave when main and all three of them are here.
DOOR = threading.Barrier(4)
# How long a parcel takes: main must wait for it.
WAY = 0.02


def send(delivered: list[int], courier: int, to: str, kilos: int) -> None:
    DOOR.wait()
    time.sleep(WAY)
    print(f"courier {courier}: {kilos} kg to {to}")
    delivered.append(kilos)


def send_parcel(
    delivered: list[int],
    courier: int,
    to: str = "nowhere",
    kilos: int = 1,
    care: str = "",
) -> None:
    DOOR.wait()
    time.sleep(WAY)
    print(f"courier {courier}: {kilos} kg to {to}{care}")
    delivered.append(kilos)


def carry(letters: list[str], written_at: int) -> list[str]:
    DOOR.wait()
    same = "the same list as" if id(letters) == written_at else "a copy of what"
    print(f"courier 3: carries {len(letters)} letters, {same} main wrote")
    letters.append("cid")
    return letters


def main() -> None:
    print("main: sends three couriers off")
    delivered: list[int] = []
    by_position = threading.Thread(target=send, args=(delivered, 1, "Lviv", 2))
    by_position.start()

    by_name = threading.Thread(
        target=send_parcel,
        args=(delivered, 2),
        kwargs={"to": "Kyiv", "care": ", with care"},
    )
    by_name.start()

    letters = ["ann", "bob"]
    with ThreadPoolExecutor(max_workers=1) as threads:
        owner = threads.submit(carry, letters, written_at=id(letters))
        del letters
        DOOR.wait()
    letters = owner.result()

    by_position.join()
    by_name.join()
    print(f"main: {sum(delivered)} kg delivered")
    print(f"main: got back {len(letters)} letters: {', '.join(letters)}")


if __name__ == "__main__":
    main()
