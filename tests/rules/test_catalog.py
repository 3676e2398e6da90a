"""The catalogue, value by value against tables drawn up apart from it, and its summaries."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from cmmc_rules import keys
from cmmc_rules.law import load_law, texts
from cmmc_rules.records import Requirement
from cmmc_rules.spelling import FAMILIES
from cmmc_rules.words import Level
from support.official import folders, published_sentences, workbook_objectives, workbook_points

TABLES = Path(__file__).parents[1] / "law"
LAW = load_law()
REQUIREMENTS = {requirement.id: requirement for level in Level for requirement in LAW.requirements(level)}


def table(level: Level) -> dict[str, dict[str, str]]:
    with (TABLES / f"catalog-level-{level.value}.csv").open(encoding="utf-8", newline="") as rows:
        return {row["id"]: row for row in csv.DictReader(rows)}


FACTS = {requirement_id: row for level in Level for requirement_id, row in table(level).items()}


def row_of(requirement: Requirement) -> dict[str, str]:
    return {
        "id": requirement.id,
        "name": requirement.name,
        "names": "; ".join(requirement.names),
        "family": requirement.family,
        "family_name": requirement.family_name,
        "numbers": " ".join(requirement.numbers),
        "designation": requirement.designation or "",
        "points": "" if requirement.points is None else str(requirement.points),
        "variants": " ".join(f"{variant}={points}" for variant, points in requirement.variants.items()),
        "points_cite": requirement.points_cite,
        "objectives": " ".join(requirement.objectives),
        "level1": requirement.level1 or "",
        "cite": requirement.cite,
        **poam_of(requirement),
    }


def poam_of(requirement: Requirement) -> dict[str, str]:
    """Whether the requirement may be on a POA&M by the figures of 32 CFR 170.21 alone, and which paragraph says so."""
    law = LAW.edition()
    level = requirement.level
    if level is Level.ONE:
        return {"poam": "yes" if law[keys.POAM_1].value else "no", "poam_cite": law[keys.POAM_1].cite}
    barred = law[keys.NEVER_DEFERRED[level]].value
    if requirement.id in barred:
        return {"poam": "no", "poam_cite": barred[requirement.id]}
    if level is Level.THREE:
        return {"poam": "yes", "poam_cite": "32 CFR 170.21(a)(3)"}
    most = law[keys.MOST_POINTS]
    variant = law[keys.DEFERRABLE_VARIANT].value.get(requirement.id)
    eligible = "yes" if requirement.points is not None and requirement.points <= most.value else "no"
    return {"poam": variant or eligible, "poam_cite": most.cite}


def test_the_tables_hold_every_requirement_in_order() -> None:
    assert list(REQUIREMENTS) == list(FACTS)


@pytest.mark.parametrize("requirement_id", FACTS)
def test_every_value_of_a_requirement_is_that_of_the_table(requirement_id: str) -> None:
    assert row_of(REQUIREMENTS[requirement_id]) == FACTS[requirement_id]


def test_each_level_has_its_number_of_requirements_and_objectives() -> None:
    counts = {level: LAW.requirements(level) for level in Level}
    assert {level: len(found) for level, found in counts.items()} == {Level.ONE: 15, Level.TWO: 110, Level.THREE: 24}
    objectives = {level: sum(len(each.objectives) for each in found) for level, found in counts.items()}
    assert objectives == {Level.ONE: 59, Level.TWO: 320, Level.THREE: 0}
    assert sum(len(each.objectives) == 1 for each in counts[Level.TWO]) == 23
    assert sum(len(each.numbers) for each in counts[Level.ONE]) == 17


def test_level_2_has_51_ones_14_threes_42_fives_two_with_variants_and_one_without_a_value() -> None:
    level2 = LAW.requirements(Level.TWO)
    assert Counter(each.points for each in level2 if not each.variants) == {1: 51, 3: 14, 5: 42, None: 1}
    assert [each.id for each in level2 if each.variants] == ["IA.L2-3.5.3", "SC.L2-3.13.11"]
    assert [each.id for each in level2 if each.points is None] == ["CA.L2-3.12.4"]
    assert sum(each.points or 0 for each in level2) == 313
    assert Counter(each.designation for each in level2) == {"basic": 31, "derived": 79}


def test_at_most_46_one_pointers_and_one_variant_can_be_deferred_at_level_2_and_17_at_level_3() -> None:
    found = Counter((each.level, poam_of(each)["poam"]) for each in REQUIREMENTS.values())
    assert found == {
        (Level.ONE, "no"): 15,
        (Level.TWO, "no"): 63,
        (Level.TWO, "yes"): 46,
        (Level.TWO, "employed_not_fips_validated"): 1,
        (Level.THREE, "no"): 7,
        (Level.THREE, "yes"): 17,
    }


def test_each_level_1_requirement_is_the_counterpart_of_those_level_2_requirements_that_share_its_numbers() -> None:
    by_number = {number: each.id for each in LAW.requirements(Level.ONE) for number in each.numbers}
    level2 = LAW.requirements(Level.TWO)
    assert {each.numbers[0]: each.level1 for each in level2 if each.level1} == by_number
    letters = {each.numbers[0]: each.objectives for each in level2}
    for requirement in LAW.requirements(Level.ONE):
        keyed = tuple(f"{number}[{letter}]" for number in requirement.numbers for letter in letters[number])
        assert requirement.objectives == keyed


def test_an_id_is_made_of_family_level_and_number() -> None:
    for requirement in REQUIREMENTS.values():
        front, _, number = requirement.id.partition("-")
        assert front == f"{requirement.family}.L{requirement.level.value}"
        assert requirement.level is Level.ONE or requirement.numbers == (number,)
        assert requirement.family_name == FAMILIES[requirement.family]


def test_no_value_is_older_than_the_rule() -> None:
    for name, text in texts().items():
        if name.startswith("catalog/"):
            listed: list[dict[str, Any]] = yaml.safe_load(text)["requirements"]
            days = {str(day) for each in listed for day in each["points"].get("values", each["points"].get("variants"))}
            assert days == {"2024-12-16"}


@pytest.mark.parametrize("folder", folders())
def test_points_and_poam_flags_are_those_of_the_dod_workbook(folder: Path | None) -> None:
    rows = [row_of(each) for each in LAW.requirements(Level.TWO)]
    assert {row["id"]: as_in_the_workbook(row) for row in rows} == (
        {row["id"]: as_in_the_workbook(row) for row in table(Level.TWO).values()}
        if folder is None
        else {
            each: (re.split("[;(]", value)[0].strip(), flag) for each, (value, flag) in workbook_points(folder).items()
        }
    )


def as_in_the_workbook(row: dict[str, str]) -> tuple[str, str]:
    flags = {"yes": "Yes", "no": "No", "employed_not_fips_validated": "Yes if value is 3\nNo if value is 5"}
    values = sorted(re.findall("=([0-9])", row["variants"])) or [row["points"] or "N/A"]
    return " or ".join(values), flags[row["poam"]]


@pytest.mark.parametrize("folder", folders())
def test_objective_letters_are_those_of_the_dod_workbook(folder: Path | None) -> None:
    assert {each.id: each.objectives for each in LAW.requirements(Level.TWO)} == (
        {name: tuple(row["objectives"].split()) for name, row in table(Level.TWO).items()}
        if folder is None
        else workbook_objectives(folder)
    )


def test_every_summary_is_one_short_line_of_its_own() -> None:
    summaries = [each.summary for each in REQUIREMENTS.values()]
    assert [text for text, times in Counter(summaries).items() if times > 1] == []
    for summary in summaries:
        assert summary.strip() == summary
        assert summary.isprintable()
        assert summary.endswith(".")
        assert 8 <= len(summary.split()) <= 22


@pytest.mark.parametrize("folder", folders())
def test_no_summary_borrows_eight_words_in_a_row_from_nist(folder: Path | None) -> None:
    published = published_sentences(folder) if folder else set()
    runs = {run for sentence in published for run in runs_of_eight(sentence)}
    borrowed = [each.summary for each in REQUIREMENTS.values() if runs_of_eight(each.summary) & runs]
    assert borrowed == []


def runs_of_eight(sentence: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", sentence.lower())
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}
