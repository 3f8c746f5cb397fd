"""Spawn with arguments: by position, by name, and by giving a value away."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

# The couriers leave when main and all three of them are here.
DOOR = threading.Barrier(4)
# How long the first parcel takes, and half as long as the second: main must
# wait for each.
WAY = 0.02


def send(delivered: dict[int, int], courier: int, to: str, kilos: int) -> None:
    DOOR.wait()
    time.sleep(WAY)
    print(f"courier {courier}: {kilos} kg to {to}")
    delivered[courier] = kilos


def send_parcel(
    delivered: dict[int, int],
    courier: int,
    to: str = "nowhere",
    kilos: int = 1,
    care: str = "",
) -> None:
    DOOR.wait()
    time.sleep(2 * WAY)
    print(f"courier {courier}: {kilos} kg to {to}{care}")
    delivered[courier] = kilos


def carry(letters: list[str], written_at: int) -> list[str]:
    DOOR.wait()
    same = "the same list as" if id(letters) == written_at else "a copy of what"
    print(f"courier 3: carries {len(letters)} letters, {same} main wrote")
    letters.append("cid")
    return letters


def main() -> None:
    print("main: sends three couriers off")
    delivered: dict[int, int] = {}
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

    for number, courier in enumerate((by_position, by_name), start=1):
        courier.join()
        kilos = delivered[number]
        print(f"main: courier {number} has delivered {kilos} kg")
    letters = owner.result()
    print(f"main: got back {len(letters)} letters: {', '.join(letters)}")


if __name__ == "__main__":
    main()
