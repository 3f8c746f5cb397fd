"""Spawn with arguments: by position, by name, and by giving a value away."""

import threading
from concurrent.futures import ThreadPoolExecutor


def send(courier: int, to: str, kilos: int) -> None:
    print(f"courier {courier}: {kilos} kg to {to}")


def send_parcel(
    courier: int, to: str = "nowhere", kilos: int = 1, care: str = ""
) -> None:
    print(f"courier {courier}: {kilos} kg to {to}{care}")


def carry(letters: list[str], written_at: int) -> list[str]:
    same = "the same list as" if id(letters) == written_at else "a copy of what"
    print(f"courier 3: carries {len(letters)} letters, {same} main wrote")
    letters.append("cid")
    return letters


def main() -> None:
    by_position = threading.Thread(target=send, args=(1, "Lviv", 2))
    by_position.start()

    by_name = threading.Thread(
        target=send_parcel,
        args=(2,),
        kwargs={"to": "Kyiv", "care": ", with care"},
    )
    by_name.start()

    letters = ["ann", "bob"]
    with ThreadPoolExecutor(max_workers=1) as threads:
        owner = threads.submit(carry, letters, written_at=id(letters))
        del letters

    by_position.join()
    by_name.join()
    letters = owner.result()
    print(f"main: got back {len(letters)} letters: {', '.join(letters)}")


if __name__ == "__main__":
    main()
