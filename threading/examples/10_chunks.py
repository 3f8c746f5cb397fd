"""Chunks: share out the work in groups of nearly equal size."""

import threading


def chunk(total: int, groups: int, group: int) -> range:
    """The objects of one group: the first few groups get one more."""
    size, extra = divmod(total, groups)
    start = group * size + min(group, extra)
    return range(start, start + size + (group < extra))


def share_out(round_: int, total: int, groups: int) -> None:
    print(f"main: {total} objects, {groups} threads")
    done = [0] * total
    meetings: list[int] = []
    all_at_work = threading.Barrier(groups)

    def work(group: int) -> None:
        if all_at_work.wait() == 0:
            meetings.append(group)
        objects = chunk(total, groups, group)
        count, first, end = len(objects), objects.start, objects.stop
        print(f"worker {round_}.{group}: {count} objects, {first}..{end}")
        for each in objects:
            done[each] += 1  # no other thread has this one

    workers = [
        threading.Thread(target=work, args=(group,)) for group in range(groups)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    once = done.count(1)
    print(
        f"main: {once} objects done once, {len(meetings)} meeting of {groups}"
    )


def main() -> None:
    share_out(1, 100, 5)
    share_out(2, 103, 5)


if __name__ == "__main__":
    main()
