"""Blank findings files to fill in, which the reader of findings files takes without any mapping."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from cmmc_rules.records import Requirement
from cmmc_rules.words import Result


class Format(StrEnum):
    """The formats in which a blank file is written."""

    CSV = "csv"
    XLSX = "xlsx"


SHEET = "Findings"
_WIDTHS = {
    "Requirement": 18,
    "Name": 44,
    "Objective": 12,
    "Result": 12,
    "Note": 60,
    "Owner": 24,
    "Asset": 24,
    "Variant": 32,
}
_RESULTS = (Result.MET, Result.NOT_MET, Result.NA)


def blank_file(requirements: Sequence[Requirement], *, objectives: bool, kind: Format) -> bytes:
    """The bytes of a blank file with one row per requirement, or per objective where there are any."""
    rows = list(_rows(requirements, objectives=objectives))
    return _csv(rows) if kind is Format.CSV else _xlsx(rows, {each.id: tuple(each.variants) for each in requirements})


def _rows(requirements: Sequence[Requirement], *, objectives: bool) -> Iterator[tuple[str, ...]]:
    columns = [column for column in _WIDTHS if objectives or column != "Objective"]
    if not any(requirement.variants for requirement in requirements):
        columns.remove("Variant")
    yield tuple(columns)
    for requirement in requirements:
        filled = {"Requirement": requirement.id, "Name": requirement.name}
        for letter in requirement.objectives if objectives else ("",):
            yield tuple({**filled, "Objective": letter}.get(column, "") for column in columns)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as CSV in UTF-8 with a byte order mark, without which Excel takes it for another encoding."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[str]], variants: Mapping[str, Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.freeze_panes = "A2"
    header = rows[0]
    for index, column in enumerate(header):
        sheet.column_dimensions[_letter(index)].width = _WIDTHS[column]
    results = _letter(header.index("Result"))
    sheet.add_data_validation(_choice(_RESULTS, f"{results}2:{results}{len(rows)}"))
    for number, row in enumerate(rows, start=1):
        if variants.get(row[0]):
            sheet.add_data_validation(_choice(variants[row[0]], f"{_letter(header.index('Variant'))}{number}"))
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row, start=1):
            _fill(sheet.cell(number, index), value, bold=number == 1)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _choice(words: Sequence[str], cells: str) -> DataValidation:
    """A list of words to choose from; another word may be written, and is asked about when the file is read."""
    return DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, sqref=cells)


def _fill(cell: Cell | MergedCell, value: str, *, bold: bool) -> None:
    """Write text as text whatever it begins with, never as a formula."""
    if value:
        cell.value = value
        cell.data_type = "s"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
