"""Delimited text as a table."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Final

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.table import MAX_CELL, Row, Table, bounded

DELIMITERS: Final = ",;\t|"
_LOOKED_AT: Final = 200
_END: Final = "\0end"


def csv_table(name: str, text: str) -> Table:
    """The table that the text holds; `BadFindings` when a quotation mark is never closed or a bound is passed.

    A row's number counts records as a spreadsheet shows them, so a cell with line breaks is one row.
    """
    delimiter, text = _declared(text)
    return Table("", bounded(name, _rows(name, text, delimiter or _delimiter(text))))


def _declared(text: str) -> tuple[str | None, str]:
    """The delimiter of Excel's `sep=;` line if there is one, with that line left blank so that numbers stay true."""
    first, line_break, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said[:4].lower() == "sep=" and len(said) <= len("sep=;"):
        return said[4:] or "\t", line_break + rest
    return None, text


def _delimiter(text: str) -> str:
    """The delimiter under which most records have the same number of cells, more cells first.

    `csv.Sniffer` judges by quotation marks and single letters, and takes quadratic time on long unquoted cells.
    """
    return max(DELIMITERS, key=lambda each: (*_regularity(text, each), -DELIMITERS.index(each)))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(cells) for cells in islice(_records(text, delimiter), _LOOKED_AT) if len(cells) > 1]
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    return count, width


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def _rows(name: str, text: str, delimiter: str) -> Iterator[Row]:
    # A last record of our own: it is swallowed by a quotation mark that nobody closed.
    records = _records(f"{text.rstrip()}\n{_END}\n", delimiter)
    number = 0
    try:
        for number, cells in enumerate(records, start=1):
            if cells == [_END]:
                return
            yield Row(f"row {number}", tuple(cells))
    except csv.Error:
        raise BadFindings(
            f"{name}, row {number + 1}: a cell has more than {MAX_CELL:,} characters, more than a spreadsheet holds; "
            "look for a quotation mark that is not closed"
        ) from None
    raise BadFindings(
        f"{name}, row {number}: a quotation mark opens here and is never closed; close it, or double it inside a cell"
    )
