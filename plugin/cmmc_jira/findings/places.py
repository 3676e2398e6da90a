"""Places in a file, told together in few words."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final

_NUMBERED: Final = re.compile(r"(.*?)\b(row|line) (\d+)")


def together(places: Iterable[str]) -> str:
    """The places as people count them: `row 4`, `rows 3, 5-9 and 12`, `Findings rows 3-5, findings[2]`."""
    numbers: dict[tuple[str, str], list[int]] = {}
    parts: list[str] = []
    for place in dict.fromkeys(places):
        if match := _NUMBERED.fullmatch(place):
            numbers.setdefault((match[1], match[2]), []).append(int(match[3]))
        else:
            parts.append(place)
    for (before, kind), found in numbers.items():
        parts.append(f"{before}{kind}{'s' if len(found) > 1 else ''} {_listed(_runs(sorted(found)))}")
    return ", ".join(parts)


def _runs(numbers: list[int]) -> list[str]:
    runs: list[str] = []
    for _key, group in groupby(enumerate(numbers), key=lambda item: item[1] - item[0]):
        run = [number for _at, number in group]
        runs.extend([f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run))  # noqa: PLR2004 - a pair is no run
    return runs


def _listed(parts: list[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
