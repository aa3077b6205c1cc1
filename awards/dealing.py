"""Which jurors read which application, where there are too many for all to read all. Pure and deterministic."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence

#: Up to as many applications everybody reads all.
JURY_READS_ALL = 30
#: Jurors of each side who read one.
READERS = 2


def deal(
    applications: Sequence[int],
    jurors: Sequence[int],
    recused: Collection[tuple[int, int]],
    readers: int = READERS,
) -> list[tuple[int, int]]:
    """Pairs of application and juror of one side: each application has ``readers``, and all jurors about as many.

    Fewer where recusals leave fewer. ``recused`` are pairs of application and juror. The same for the same arguments,
    in whatever order they come. Those that few may read are dealt first.
    """
    loads: Counter[int] = Counter(dict.fromkeys(jurors, 0))
    free = {row: [j for j in sorted(jurors) if (row, j) not in recused] for row in applications}
    dealt = []
    for row in sorted(applications, key=lambda row: (len(free[row]), row)):
        # Between equals the hash decides, so that no two jurors always read the same.
        chosen = sorted(free[row], key=lambda juror: (loads[juror], _mixed(row, juror)))[:readers]
        loads.update(chosen)
        dealt += [(row, juror) for juror in chosen]
    return sorted(dealt)


def _mixed(row: int, juror: int) -> str:
    return hashlib.sha256(f"{row}:{juror}".encode()).hexdigest()
