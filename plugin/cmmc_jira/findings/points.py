"""Points and scores that a file claims, beside the law's: never taken, and every difference told."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cmmc_jira.findings.columns import Layout
from cmmc_jira.findings.rows import Stated
from cmmc_jira.findings.table import Row
from cmmc_rules.answers import Notice
from cmmc_rules.records import Requirement
from cmmc_rules.words import Result, Variant

_MFA: Final = "3.5.3"
_NUMBER: Final = re.compile(r"[-+]?\d{1,3}(?:\.0+)?")
_TOTAL: Final = re.compile(
    r"\b(?:sprs|total|overall|final|dodam|assessment|current|basic|summary|nist|cmmc)\b[\w ]{0,40}\bscore\b|^score$",
    re.IGNORECASE,
)
_NUMBER_ALONE: Final = re.compile(r"([-+]?\d{1,3})(?:\.0+)?(?: ?/ ?\d+)?")
_LONGEST_LABEL: Final = 120
_SAID: Final = re.compile(r"[:=]\s*([-+]?\d{1,3})(?!\d|\.\d|\s*%)")


def points(layout: Layout, stated: Iterable[Stated]) -> Iterator[Notice]:
    """One notice for each requirement whose points in the file are none that the law gives it."""
    seen: set[str] = set()
    for each in stated:
        requirement = each.requirement
        if requirement.points is None or requirement.id in seen or not _NUMBER.fullmatch(each.points):
            continue
        said = abs(int(float(each.points)))
        if said not in _lawful(layout, each):
            seen.add(requirement.id)
            noun = "point" if said == 1 else "points"
            because = f"the file gives {requirement.id} {said} {noun}; by the rule it has {_by_law(requirement)}"
            yield Notice("POINTS_DIFFER", because, requirement.id, requirement.points_cite, each.finding.row)


def totals(layouts: Iterable[Layout]) -> Iterator[Notice]:
    """A notice for each cell that claims a score for the whole assessment."""
    for layout in layouts:
        for row in layout.table.rows:
            if row == layout.header:
                continue
            for said in _claimed(row):
                because = (
                    f"the file says that its score is {said}; a score is never taken, but computed from the findings"
                )
                yield Notice("SCORE_NOT_TAKEN", because, row=row.place)


def _claimed(row: Row) -> Iterator[int]:
    """The numbers in the row that stand behind, or beside, the name of a total score."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    for cell, beside in zip(cells, [*cells[1:], ""], strict=True):
        if len(cell) > _LONGEST_LABEL or not _TOTAL.search(cell):
            continue
        said = _SAID.search(cell) or _NUMBER_ALONE.fullmatch(beside)
        if said:
            yield int(said[1])


def _lawful(layout: Layout, each: Stated) -> set[int]:
    requirement = each.requirement
    worth = {requirement.points or 0, *requirement.variants.values()}
    if not layout.deducts:
        return worth
    result = each.reading.result if each.reading else Result.NOT_ASSESSED
    if each.finding.objectives or result is Result.NOT_ASSESSED:
        return {0, *worth}
    return worth if result is Result.NOT_MET else {0}


def _by_law(requirement: Requirement) -> str:
    values = sorted({requirement.points or 0, *requirement.variants.values()})
    return " or ".join(map(str, values))


def patterns(stated: Iterable[Stated]) -> Iterator[Notice]:
    """What the DoD template would make of the objectives of IA.L2-3.5.3; objectives never set its variant here."""
    rows = [each for each in stated if _MFA in each.requirement.numbers and each.finding.objectives]
    unmet = {
        letter[-2] if letter.endswith("]") else letter
        for each in rows
        for letter, result in each.finding.objectives.items()
        if result is Result.NOT_MET
    }
    if not unmet or any(each.finding.variant for each in rows):
        return
    full = "a" in unmet or {"b", "c"} <= unmet
    variant = Variant.NOT_IMPLEMENTED if full else Variant.REMOTE_AND_PRIVILEGED_ONLY
    requirement = rows[0].requirement
    because = (
        f"from the objectives that are NOT MET ({', '.join(sorted(unmet))}) the DoD template would deduct "
        f"{requirement.variants[variant]} points for {requirement.id}; objectives never set the variant here, so "
        f"say it, if it is so, as {variant} in a column Variant"
    )
    yield Notice("VARIANT_BY_TEMPLATE", because, requirement.id, requirement.points_cite, rows[0].finding.row)
