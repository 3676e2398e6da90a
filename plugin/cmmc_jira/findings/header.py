"""Where the header of a table is, and which of its columns hold ids."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from cmmc_jira.findings.headings import folded_heading, is_heading
from cmmc_jira.findings.table import Row
from cmmc_rules.ids import IdProblem, IdRead, read_id

_WITHIN: Final = 60
_PROSE: Final = frozenset({IdProblem.NOT_AN_ID, IdProblem.FAMILY})
_PUBLICATION: Final = re.compile(r"800-\d+")
_NUMBERED: Final = re.compile(r"\d\.\d|[A-Za-z]{2}-\d")
_LETTERS: Final = re.compile(r"(?:column )?([A-Z]{1,2})", re.IGNORECASE)
_ALPHABET: Final = 26


def header_at(rows: Sequence[Row], ids: Collection[int], names: Collection[str]) -> int | None:
    """The index of the header row, or None: the first row with the most of these names, else by its look.

    `ids` are the columns of ids; without any there is nothing that a header could stand above.
    """
    wanted = {folded_heading(name) for name in names if column_index(name) is None} - {""}
    counts = [len(wanted & {folded_heading(cell) for cell in row.cells}) for row in rows[:_WITHIN]]
    if any(counts):
        return counts.index(max(counts))
    first = next((at for at, row in enumerate(rows) if any(like_id(row.cell(index)) for index in ids)), None)
    return None if first is None else _above(rows, first)


def id_columns(rows: Sequence[Row], width: int) -> Mapping[int, int]:
    """The columns that hold ids, with how many: sheets have titles and headings in them too, so a third is enough."""
    found: dict[int, int] = {}
    for index in range(width):
        cells = [cell for row in rows if (cell := row.cell(index))]
        alike = sum(like_id(cell) for cell in cells)
        if alike and alike * 3 >= len(cells):
            found[index] = alike
    return found


def like_id(cell: str) -> bool:
    """Whether the cell is an id of some catalogue, the wrong ones included; names of publications are none."""
    read = read_id(cell)
    if isinstance(read, IdRead):
        return True
    return read not in _PROSE and _NUMBERED.search(_PUBLICATION.sub("", cell)) is not None


def column_name(header: Row | None, index: int) -> str:
    """The column's name in the header, or its letter where it has none."""
    return (header.cell(index) if header else "") or column_letter(index)


def column_letter(index: int) -> str:
    """The column as a spreadsheet names it: `column D`."""
    letters = chr(ord("A") + index % _ALPHABET)
    return f"column {chr(ord('A') + index // _ALPHABET - 1) if index >= _ALPHABET else ''}{letters}"


def column_index(name: str) -> int | None:
    """The index of a column that is named by its letter (`D`, `column D`), or None."""
    match = _LETTERS.fullmatch(name.strip())
    if match is None:
        return None
    index = 0
    for letter in match[1].upper():
        index = index * _ALPHABET + ord(letter) - ord("A") + 1
    return index - 1


def _above(rows: Sequence[Row], first: int) -> int | None:
    """The row above the first id that is most like a header, of equals the lowest; else the one just above it."""
    above = range(first - 1, max(-1, first - _WITHIN), -1)
    best = max(above, key=lambda at: _heads(rows[at]), default=None)
    if best is None or _heads(rows[best]):
        return best
    return first - 1 if sum(bool(cell.strip()) for cell in rows[first - 1].cells) > 1 else None


def _heads(row: Row) -> int:
    names = [cell for cell in row.cells if cell.strip()]
    return sum(is_heading(name) for name in names) if len(names) > 1 else 0
