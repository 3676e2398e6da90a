"""Rows that contradict or repeat each other: the law takes the worst of them, and a person should know."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cmmc_jira.findings.places import together
from cmmc_rules.answers import Notice
from cmmc_rules.records import Finding
from cmmc_rules.results import worst
from cmmc_rules.words import Result

_CITE = "32 CFR 170.24(b)"
_GOOD = frozenset({Result.MET, Result.NA})

Group = tuple[str, str]
Said = list[tuple[Result, str]]


def disagreements(findings: Sequence[Finding]) -> Iterator[Notice]:
    """Notices for rows of one requirement and asset that disagree or repeat each other.

    Rows of several assets do not: the requirement is what the worst of them is. That a requirement is called MET
    while an objective is NOT MET, the law itself tells.
    """
    groups: defaultdict[Group, defaultdict[str, Said]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        said = groups[finding.requirement, finding.asset or ""]
        if finding.result is not None:
            said[""].append((finding.result, finding.row or ""))
        for letter, result in finding.objectives.items():
            said[letter].append((result, finding.row or ""))
    for requirement, asset in sorted(groups):
        said = groups[requirement, asset]
        for letter in sorted(said):
            if len(said[letter]) > 1:
                yield _several(requirement, letter, said[letter])
        parts = {result for letter, rows in said.items() if letter for result, _row in rows}
        unmet = [row for result, row in said.get("", ()) if result is Result.NOT_MET]
        if unmet and parts and parts <= _GOOD:
            because = f"{requirement} is said to be NOT MET, but none of its objectives is; NOT MET counts"
            yield Notice("CONFLICT", because, requirement, _CITE, together(unmet))


def _several(requirement: str, letter: str, rows: Said) -> Notice:
    places = together(place for _result, place in rows)
    results = sorted({result for result, _place in rows})
    name = f"objective {letter} of {requirement}" if letter else requirement
    if len(results) == 1:
        return Notice("DUPLICATE_ROWS", f"several rows name {name}, each with {results[0]}", requirement, row=places)
    because = f"the rows of {name} disagree: {' and '.join(results)}; {worst(results)} counts"
    return Notice("CONFLICT", because, requirement, _CITE, places)
