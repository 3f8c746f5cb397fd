"""Chunks: share out the work in groups of nearly equal size."""

import threading


def chunk(total: int, groups: int, group: int) -> range:
    """The objects of one group: the first few groups get one more."""
    size, extra = divmod(total, groups)
    start = group * size + min(group, extra)
    return range(start, start + size + (group < extra))


def share_out(total: int, groups: int) -> None:
    print(f"main: {total} objects, {groups} threads")
    done = [0] * total

    def work(group: int) -> None:
        objects = chunk(total, groups, group)
        first, end = objects.start, objects.stop
        print(f"worker {group}: {len(objects)} objects, {first}..{end}")
        for each in objects:
            done[each] += 1

    workers = [
        threading.Thread(target=work, args=(group,)) for group in range(groups)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    once = all(times == 1 for times in done)
    print(f"main: each object done once: {str(once).lower()}")


def main() -> None:
    share_out(100, 5)
    share_out(103, 5)


if __name__ == "__main__":
    main()
