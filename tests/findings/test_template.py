"""Blank findings files: every requirement once, text and nothing but text, and read back without any mapping."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from cmmc_jira.findings.template import Format, blank_file
from cmmc_rules.law import load_law
from cmmc_rules.words import Level

LAW = load_law()


def csv_rows(level: Level, *, objectives: bool = False) -> list[list[str]]:
    content = blank_file(LAW.requirements(level), objectives=objectives, kind=Format.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("level", "rows"), [(Level.ONE, 15), (Level.TWO, 110), (Level.THREE, 24)])
def test_a_requirement_is_a_row(level: Level, rows: int) -> None:
    header, *body = csv_rows(level)
    assert [row[0] for row in body] == [requirement.id for requirement in LAW.requirements(level)]
    assert len(body) == rows
    assert header[:3] == ["Requirement", "Name", "Result"]
    assert all(not any(row[2:]) for row in body)


@pytest.mark.parametrize(("level", "rows"), [(Level.ONE, 59), (Level.TWO, 320)])
def test_an_objective_is_a_row(level: Level, rows: int) -> None:
    header, *body = csv_rows(level, objectives=True)
    assert header[:4] == ["Requirement", "Name", "Objective", "Result"]
    assert [(row[0], row[2]) for row in body] == [
        (requirement.id, letter) for requirement in LAW.requirements(level) for letter in requirement.objectives
    ]
    assert len(body) == rows


def test_only_level_2_asks_for_variants() -> None:
    assert [("Variant" in csv_rows(level)[0]) for level in Level] == [False, True, False]


def test_a_workbook_holds_the_same_as_the_csv_as_text_with_choices() -> None:
    content = blank_file(LAW.requirements(Level.TWO), objectives=True, kind=Format.XLSX)
    book = load_workbook(BytesIO(content))
    (sheet,) = book.worksheets
    values = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert values == csv_rows(Level.TWO, objectives=True)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet.freeze_panes == "A2"
    choices = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert choices["D2:D321"] == '"MET,NOT MET,N/A"'
    assert list(choices.values())[1:] == [
        '"remote_and_privileged_only,not_implemented"',
    ] * 4 + ['"employed_not_fips_validated,not_employed"']
    rows = [int(cell[1:]) - 1 for cell in list(choices)[1:]]
    assert [values[row][0] for row in rows] == ["IA.L2-3.5.3"] * 4 + ["SC.L2-3.13.11"]


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    requirement = replace(LAW.requirement("AC.L2-3.1.3"), name="=HYPERLINK(1)")
    content = blank_file([requirement], objectives=False, kind=Format.XLSX)
    cell = load_workbook(BytesIO(content)).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
