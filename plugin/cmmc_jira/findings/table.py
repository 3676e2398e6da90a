"""A table of text cells, whatever it was read from, and how large one may be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cmmc_jira.errors import BadFindings

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
"""Characters; a spreadsheet cell holds no more."""

MAX_TEXT = 32 * 1024 * 1024
"""Characters in all cells together: a workbook may say one text in every cell and hold it once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and its place in the file (`row 12`, `Findings row 12`, `findings[3]`); trailing blanks may be absent."""

    place: str
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """The text of a column, without space around it; empty when there is no such cell."""
        if index is None or index >= len(self.cells):
            return ""
        return self.cells[index].strip()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are not blank, in order. `name` is the sheet's or the section's title, empty where there is none."""

    name: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row.cells) for row in self.rows), default=0)


def bounded(name: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that hold something; raises `BadFindings` when they are more, wider or longer than a findings file's.

    `name` is the file's; reading stops at the first row too many.
    """
    return tuple(_checked(name, rows))


def _checked(name: str, rows: Iterable[Row]) -> Iterator[Row]:
    count = letters = 0
    for row in rows:
        used = len(row.cells)
        while used and not row.cells[used - 1].strip():
            used -= 1
        if not used:
            continue
        count += 1
        if count > MAX_ROWS:
            raise BadFindings(
                f"{name}: there are more than {MAX_ROWS:,} rows, which no findings file needs; "
                "give the sheet of one assessment alone"
            )
        if used > MAX_COLUMNS:
            raise BadFindings(
                f"{name}, {row.place}: there are more than {MAX_COLUMNS} columns, which no findings file needs; "
                "give a table with one requirement a row"
            )
        if any(len(cell) > MAX_CELL for cell in row.cells):
            raise BadFindings(
                f"{name}, {row.place}: a cell has more than {MAX_CELL:,} characters, more than a spreadsheet holds; "
                "look for a quotation mark that is not closed"
            )
        letters += sum(map(len, row.cells))
        if letters > MAX_TEXT:
            raise BadFindings(
                f"{name}, {row.place}: up to here the cells hold more than {MAX_TEXT:,} characters, which no findings "
                "file needs; give its findings sheet alone"
            )
        yield Row(row.place, row.cells[:used])
