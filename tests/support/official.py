"""The published files that tests compare with when their folder is given, and what stands in for them when not."""

import csv
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

_VARIABLE = "CMMC_JIRA_NIST_DIR"
_UNSET = f"not compared, {_VARIABLE} is unset"
_WORKBOOK = "CMMC_Level2_AssessmentResults_Template_v3.8.xlsx"
_TEXTS = "nist-800-171r2-requirements-and-171a-objectives.csv"


def folders() -> list[object]:
    """One parameter: the folder of published files, or None under an id that says nothing was compared."""
    folder = os.environ.get(_VARIABLE)
    return [pytest.param(Path(folder), id="compared") if folder else pytest.param(None, id=_UNSET)]


def workbook_points(folder: Path) -> dict[str, tuple[str, str]]:
    """Each Level 2 requirement of the DoD workbook: its value and whether it may be on a POA&M, as written there."""
    return {row[0]: (row[3], row[4]) for row in _rows(folder, "Requirements")}


def workbook_objectives(folder: Path) -> dict[str, tuple[str, ...]]:
    """The objective letters of each Level 2 requirement of the DoD workbook."""
    letters: dict[str, tuple[str, ...]] = {}
    for row in _rows(folder, "Requirement Objectives"):
        requirement, letter = row[1].strip().rstrip("]").split("[")
        letters[requirement] = (*letters.get(requirement, ()), letter)
    return letters


def published_sentences(folder: Path) -> set[str]:
    """The sentences of NIST SP 800-171 Revision 2 and 800-171A."""
    with (folder / _TEXTS).open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return {row[column] for row in rows for column in ("requirement_text_800_171_r2", "objective_text")}


def _rows(folder: Path, sheet: str) -> Iterator[tuple[str, ...]]:
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Data Validation extension", UserWarning
        )  # its drop-downs, which we only read
        book = openpyxl.load_workbook(folder / _WORKBOOK, read_only=True, data_only=True)
        rows = [[str(cell or "") for cell in row] for row in book[sheet].iter_rows(min_row=6, values_only=True)]
        book.close()
    return (tuple(row) for row in rows if row[0] or row[1])
