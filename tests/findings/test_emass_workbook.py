"""The DoD eMASS workbook: the official one where it is at hand, and always one of the same layout."""

import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from cmmc_jira.findings.file import FindingsFile
from cmmc_rules.words import Level
from support.findings_files import LAW, codes, noticed, read, said, saved

FIRST, SCORE, FINDINGS = 6, 13, 16
HEADER = (
    "Requirement Number,Objective Number,Requirement Objective Description,Artifacts,Interviews,Examine,Test,"
    "Overall Comments,Time to Assess (Minutes),Standards Acceptance,Inherited,ESP Name,Score,Date Assessed,Assessed By,"
    "Findings"
)
TITLES = (
    "***** CUI (When Filled In) *****",
    "",
    "CMMC Level 2 Assessment Results Form Template",
    "Template Version 3.9",
)
FOLDER = "CMMC_JIRA_NIST_DIR"
OFFICIAL = "CMMC_Level2_AssessmentResults_Template_v3.8.xlsx"


def _synthetic() -> Workbook:
    """A workbook of the official one's layout: its sheets, its header in row 5, its ids, and made-up examples."""
    book = Workbook()
    book.worksheets[0].title = "Assessment"
    points = book.create_sheet("Requirements")
    sheet = book.create_sheet("Requirement Objectives")
    for each in (points, sheet):
        for title in (*TITLES[:2], " - ".join(TITLES[2:]), each.title):
            each.append([title])
    points.append(["Requirement Number", "Requirement Description", "Level", "Requirement Value", "POA&M Allowed"])
    sheet.append(HEADER.split(","))
    for requirement in LAW.requirements(Level.TWO):
        points.append([requirement.id, "text", "Level 2", "0", "No"])
        for letter in requirement.objectives:
            sheet.append([requirement.id if letter == "a" else None, f"{requirement.id}[{letter}]", "Determine if so."])
    example = book.create_sheet("Example")
    example.append(["Requirement Number", "Objective Number", "Score"])
    example.append(["AC.L2-3.1.1", "AC.L2-3.1.1[a]", "Not Met"])
    book.create_sheet("Lookup Values").sheet_state = "hidden"
    return book


def _official() -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(Path(os.environ[FOLDER]) / OFFICIAL)


BOOKS = {"synthetic": _synthetic, **({"official": _official} if os.environ.get(FOLDER) else {})}


def _read(book: Workbook, scores: Mapping[str, str], otherwise: str) -> FindingsFile:
    """What the book says once its column M is filled in."""
    sheet = book["Requirement Objectives"]
    for row in range(FIRST, sheet.max_row + 1):
        objective = str(sheet.cell(row, 2).value)
        sheet.cell(row, SCORE).value = scores.get(objective, otherwise)
        sheet.cell(row, FINDINGS).value = "seen" if objective in scores else None
    return read(saved(book), "results.xlsx")


@pytest.mark.parametrize("made", BOOKS.values(), ids=BOOKS)
def test_column_m_gives_320_objectives_with_the_requirement_carried_down(made: Callable[[], Workbook]) -> None:
    file = _read(made(), {"AC.L2-3.1.1[c]": "Not Met", "SC.L2-3.13.11[a]": "Not Met -3"}, "Met")
    assert file.format.startswith("DoD eMASS results workbook v3.")
    assert file.level is Level.TWO
    assert len(file.findings) == len(said(file)) == 320
    assert {key for key, result in said(file).items() if result != "MET"} == {"AC.L2-3.1.1[c]", "SC.L2-3.13.11[a]"}
    unmet = [finding for finding in file.findings if "NOT MET" in finding.objectives.values()]
    assert [(finding.variant, finding.note) for finding in unmet] == [
        (None, "seen"),
        ("employed_not_fips_validated", "seen"),
    ]
    assert [finding.row for finding in unmet] == ["Requirement Objectives row 8", "Requirement Objectives row 296"]
    assert codes(file) == []


@pytest.mark.parametrize(
    ("word", "variant"),
    [
        ("Not Met -3", "employed_not_fips_validated"),
        ("Not Met -5", "not_employed"),
        ("NOT MET", None),
        ("Not Met", None),
    ],
)
def test_the_score_of_fips_encryption_says_the_variant(word: str, variant: str | None) -> None:
    file = _read(_synthetic(), {"SC.L2-3.13.11[a]": word}, "MET")
    (unmet,) = [finding for finding in file.findings if "NOT MET" in finding.objectives.values()]
    assert unmet.variant == variant


@pytest.mark.parametrize(
    ("scores", "points", "variant"),
    [
        ("a", 5, "not_implemented"),
        ("bc", 5, "not_implemented"),
        ("b", 3, "remote_and_privileged_only"),
        ("d", 3, "remote_and_privileged_only"),
    ],
)
def test_a_pattern_of_objectives_never_sets_the_variant_of_multifactor_authentication(
    scores: str, points: int, variant: str
) -> None:
    file = _read(_synthetic(), {f"IA.L2-3.5.3[{letter}]": "NOT MET" for letter in scores}, "NOT APPLICABLE")
    assert all(finding.variant is None for finding in file.findings)
    ((_row, because),) = noticed(file, "VARIANT_BY_TEMPLATE")
    assert f"would deduct {points} points for IA.L2-3.5.3" in because
    assert f"as {variant} in a column Variant" in because


def test_a_blank_workbook_says_that_nothing_is_assessed() -> None:
    file = read(saved(_synthetic()), "results.xlsx")
    assert set(said(file).values()) == {"NOT ASSESSED"}
    assert codes(file) == ["NOTHING_ASSESSED"]
    assert file.columns["status"] == "Score"
