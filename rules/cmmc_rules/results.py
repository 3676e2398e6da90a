"""What an assessment says of each requirement, all its rows taken together (32 CFR 170.24(b))."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmmc_rules import keys
from cmmc_rules.answers import Notice
from cmmc_rules.law import Edition
from cmmc_rules.records import Assessment, Finding, Requirement
from cmmc_rules.words import Claim, Level, Result

_WORST_FIRST = (Result.NOT_MET, Result.NOT_ASSESSED, Result.MET, Result.NA)
_CLAIMS = {
    Claim.ENDURING_EXCEPTION: ("an enduring exception", keys.ENDURING_EXCEPTION),
    Claim.TEMPORARY_DEFICIENCY: ("a temporary deficiency", keys.TEMPORARY_DEFICIENCY),
    Claim.DOD_CIO_ADJUDICATION: ("an adjudication by the DoD CIO", keys.DOD_CIO_ADJUDICATION),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A requirement's result; for a NOT MET one also its worst variant, if known, and the objectives said NOT MET."""

    requirement: Requirement
    result: Result
    variant: str | None = None
    objectives_not_met: tuple[str, ...] = ()

    @property
    def undetermined(self) -> bool:
        """Whether the rule prices variants of this requirement and nobody said which one it is."""
        return bool(self.requirement.variants) and self.variant is None

    @property
    def points(self) -> int | None:
        """What it costs when NOT MET: the variant's points, or the full value while no variant is known."""
        if self.variant is None:
            return self.requirement.points
        return self.requirement.variants[self.variant]


def outcomes(assessment: Assessment, edition: Edition) -> tuple[tuple[Outcome, ...], tuple[Notice, ...]]:
    """Every requirement's outcome in catalogue order, and what a person should know about how it came about.

    Raises `ValueError` for a finding of a requirement that the level does not have; readers refuse such a row.
    """
    catalogue = edition.catalogue[assessment.level]
    rows: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in assessment.findings:
        rows[finding.requirement].append(finding)
    if unknown := rows.keys() - catalogue.keys():
        raise ValueError(f"Level {assessment.level} has no requirement {', '.join(sorted(unknown))}.")
    notices: list[Notice] = []
    found = tuple(
        _outcome(requirement, rows[name], assessment, edition, notices)
        if name in rows
        else Outcome(requirement, assessment.unlisted)
        for name, requirement in catalogue.items()
    )
    if assessment.level is Level.TWO:
        ssp = edition[keys.SSP].value
        found = tuple(_plan(each, assessment, notices) if each.requirement.id == ssp else each for each in found)
    return found, tuple(notices)


def worst(results: Iterable[Result]) -> Result:
    """The worst of some results: NOT MET, then NOT ASSESSED, then MET, then N/A."""
    return min(results, key=_WORST_FIRST.index)


def _outcome(
    requirement: Requirement, rows: Sequence[Finding], assessment: Assessment, edition: Edition, notices: list[Notice]
) -> Outcome:
    parts: list[tuple[Result, Sequence[Finding]]] = []
    assets: defaultdict[str | None, list[Finding]] = defaultdict(list)
    for row in rows:
        if row.claim is None:
            assets[row.asset].append(row)
        else:
            parts.append((_claimed(row, row.claim, edition, notices), [row]))
    parts.extend((_assessed(requirement, group, assessment.unlisted, notices), group) for group in assets.values())
    result = worst(part for part, _group in parts)
    if result is not Result.NOT_MET:
        return Outcome(requirement, result)
    not_met = [group for part, group in parts if part is Result.NOT_MET]
    letters = {letter for row in rows for letter, said in row.objectives.items() if said is Result.NOT_MET}
    return Outcome(
        requirement,
        result,
        variant=_worst_variant(requirement, not_met),
        objectives_not_met=tuple(letter for letter in requirement.objectives if letter in letters),
    )


def _claimed(row: Finding, claim: Claim, edition: Edition, notices: list[Notice]) -> Result:
    """MET if every condition of the claim was answered as the law needs it; what nobody answered does not hold."""
    name, key = _CLAIMS[claim]
    needed = edition[key]
    failing = [condition for condition, answer in needed.value.items() if row.conditions.get(condition) is not answer]
    if not failing:
        return Result.MET
    because = (
        f"{row.requirement} is claimed as {name}, but "
        + " and ".join(f"`{each}` is not said to be {str(needed.value[each]).lower()}" for each in failing)
        + ", so it is NOT MET"
    )
    notices.append(Notice("CLAIM_FAILS", because, row.requirement, needed.cite, row.row))
    return Result.NOT_MET


def _assessed(requirement: Requirement, rows: Sequence[Finding], unlisted: Result, notices: list[Notice]) -> Result:
    """The result of one asset: its own words and its objectives together; silence is what `unlisted` says it is."""
    own = {row.result for row in rows if row.result is not None}
    letters = _letters(rows)
    said = own | set(letters.values())
    if Result.NOT_MET in said:
        if own and Result.NOT_MET not in own and Result.NOT_ASSESSED not in own:
            names = ", ".join(each for each in requirement.objectives if letters.get(each) is Result.NOT_MET)
            because = f"{requirement.id} is said to be {worst(own)}, but objective {names} NOT MET; NOT MET counts"
            notices.append(Notice("CONFLICT", because, requirement.id, row=rows[0].row))
        return Result.NOT_MET
    if Result.NOT_ASSESSED in said:
        return Result.NOT_ASSESSED
    if own:
        return worst(own)
    if not letters and any(row.variant in requirement.variants for row in rows):
        return Result.NOT_MET  # a variant is a state of not being met
    silent = not requirement.objectives or any(letter not in letters for letter in requirement.objectives)
    return worst([*letters.values(), unlisted] if silent else letters.values())


def _letters(rows: Iterable[Finding]) -> Mapping[str, Result]:
    letters: dict[str, Result] = {}
    for row in rows:
        for letter, result in row.objectives.items():
            letters[letter] = worst((letters[letter], result)) if letter in letters else result
    return letters


def _worst_variant(requirement: Requirement, groups: Iterable[Sequence[Finding]]) -> str | None:
    """The variant that costs most. An asset without a known one costs the full value, as the costliest variant does."""
    found: list[str | None] = []
    for group in groups:
        known = [row.variant for row in group if row.variant in requirement.variants]
        found.append(max(known, key=lambda name: requirement.variants[name or ""], default=None))
    costliest = [name for name in found if name and requirement.variants[name] == requirement.points]
    if costliest:
        return costliest[0]
    return None if None in found else max(found, key=lambda name: requirement.variants[name or ""], default=None)


def _plan(outcome: Outcome, assessment: Assessment, notices: list[Notice]) -> Outcome:
    """The system security plan: without one, or with one that is said not to apply, it is NOT MET."""
    if assessment.context.ssp_present is not False and outcome.result is not Result.NA:
        return outcome
    if assessment.context.ssp_present is False and outcome.result is Result.MET:
        said = any(row.requirement == outcome.requirement.id for row in assessment.findings)
        if said:
            because = f"{outcome.requirement.id} is said to be MET, but there is no SSP; NOT MET counts"
            notices.append(Notice("CONFLICT", because, outcome.requirement.id, outcome.requirement.points_cite))
    return Outcome(outcome.requirement, Result.NOT_MET, objectives_not_met=outcome.objectives_not_met)
