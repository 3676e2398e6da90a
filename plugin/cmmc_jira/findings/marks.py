"""Tables that mark a result by column, as NIST Handbook 162 does: a cross under Yes, No or Partially."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cmmc_jira.findings.statuses import read_status
from cmmc_jira.findings.table import Row, Table
from cmmc_rules.words import Result

_MARKS: Final = frozenset({"x", "✓", "✔", "✔️", "✅", "☑", "☑️", "☒", "■", "●", "•", "true", "1", "yes", "y"})
_NO_MARKS: Final = frozenset({"", "false", "0", "☐", "□", "○", "-"})
_HEADER_WITHIN: Final = 60


def with_marks(table: Table) -> Table:
    """The table with one more column that says the name of the marked one; the same table when it marks nothing.

    Two marks in a row give a word that is no status, so that the row is listed.
    """
    for at, header in enumerate(table.rows[:_HEADER_WITHIN]):
        columns, below = _columns(header), table.rows[at + 1 :]
        if columns and _marked(below, columns):
            head = f"Assessment result ({' / '.join(columns.values())})"
            said = (head if row.cells == header.cells else _said(row, columns) for row in below)
            rows = (_with_cell(row, table.width, text) for row, text in zip(below, said, strict=True))
            return replace(table, rows=(*table.rows[:at], _with_cell(header, table.width, head), *rows))
    return table


def _columns(header: Row) -> Mapping[int, str]:
    """The columns that are named by statuses, if they name a MET and a NOT MET among them."""
    found = {}
    for index in range(len(header.cells)):
        name = header.cell(index)
        reading = read_status(name) if name else None
        if reading is not None:
            found[index] = (name, reading.result)
    results = {result for _name, result in found.values()}
    return {index: name for index, (name, _result) in found.items()} if {Result.MET, Result.NOT_MET} <= results else {}


def _marked(rows: Sequence[Row], columns: Mapping[int, str]) -> bool:
    cells = [row.cell(index).lower() for row in rows for index in columns if row.cell(index) not in columns.values()]
    return any(cell in _MARKS for cell in cells) and all(cell in _MARKS or cell in _NO_MARKS for cell in cells)


def _said(row: Row, columns: Mapping[int, str]) -> str:
    return " and ".join(name for index, name in columns.items() if row.cell(index).lower() in _MARKS)


def _with_cell(row: Row, width: int, text: str) -> Row:
    return replace(row, cells=(*row.cells, *("",) * (width - len(row.cells)), text))
