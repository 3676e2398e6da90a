"""What a document states of single requirements: its findings, its POA&M and its closeout's results."""

import re
from collections.abc import Mapping, Sequence

from cmmc_jira.findings.place import Place, either, folded
from cmmc_rules.ids import IdRead, Named, Unplaced, find_named, objective_key, read_id
from cmmc_rules.records import Closeout, Finding, Requirement
from cmmc_rules.words import Assessor, Claim, Result

_CONDITIONS: Mapping[Claim, tuple[str, ...]] = {
    Claim.ENDURING_EXCEPTION: ("described_in_ssp",),
    Claim.TEMPORARY_DEFICIENCY: (
        "in_operational_plan",
        "deficiency_reviews_and_progress",
        "arose_after_implementation",
    ),
    Claim.DOD_CIO_ADJUDICATION: ("in_ssp", "environment_changed"),
}
_EVERY_CONDITION = tuple(name for names in _CONDITIONS.values() for name in names)
_KEYS = ("id", "result", "objectives", "variant", "asset", "note", "claim", *_EVERY_CONDITION)
_RESULTS = (Result.MET, Result.NOT_MET, Result.NA)
_ALL_RESULTS = (*_RESULTS, Result.NOT_ASSESSED)
_LETTER = re.compile(r"[\[(]?([a-z])[\])]?", re.IGNORECASE)


def findings(place: Place | None, requirements: Sequence[Requirement]) -> tuple[Finding, ...]:
    """The findings of the document, each with the key it stands at as its row."""
    if place is None:
        return ()
    read = (_finding(item, requirements) for item in place.items())
    return tuple(finding for finding in read if finding is not None)


def poam(place: Place | None, requirements: Sequence[Requirement]) -> frozenset[str] | None:
    """The requirements on the POA&M, or None when the document does not say."""
    if place is None:
        return None
    named = (_requirement(item, requirements) for item in place.items())
    return frozenset(requirement.id for requirement in named if requirement is not None)


def closeout(place: Place | None, requirements: Sequence[Requirement]) -> Closeout | None:
    """The closeout assessment; who else performed the initial one changes nothing and is not kept."""
    if place is None:
        return None
    entries = place.mapping(("by", "results", "same_c3pao_as_initial"))
    if "same_c3pao_as_initial" in entries:
        entries["same_c3pao_as_initial"].flag()
    results: dict[str, Result] = {}
    for key, item in entries["results"].entries().items() if "results" in entries else ():
        requirement, result = _requirement(item, requirements, key), item.word(_RESULTS)
        if requirement is None or result is None:
            continue
        if results.setdefault(requirement.id, result) != result:
            item.wrong(f"{requirement.id} is {results[requirement.id]} above and {result} here; keep one of the two")
    return Closeout(by=entries["by"].word(Assessor) if "by" in entries else None, results=results)


def _named(place: Place, requirements: Sequence[Requirement], text: str | None = None) -> Named | None:
    written = place.text() if text is None else text
    if written is None:
        if isinstance(place.value, str):
            place.wrong("nothing is written here; name the requirement, such as AC.L2-3.1.3")
        return None
    found = find_named(written, requirements)
    if isinstance(found, Unplaced):
        place.wrong(found.because)
        return None
    return found


def _requirement(place: Place, requirements: Sequence[Requirement], text: str | None = None) -> Requirement | None:
    """The requirement that is named as a whole: a POA&M and a closeout know no single objectives."""
    named = _named(place, requirements, text)
    if named is not None and named.objectives and set(named.objectives) != set(named.requirement.objectives):
        place.wrong(f"this names an objective; name the requirement, {named.requirement.id}, as a whole")
        return None
    return named.requirement if named else None


def _finding(place: Place, requirements: Sequence[Requirement]) -> Finding | None:
    entries = place.mapping(_KEYS)
    if "id" not in entries:
        if isinstance(place.value, Mapping):
            place.wrong("the key id is missing; name the requirement, such as AC.L2-3.1.3")
        return None
    named = _named(entries["id"], requirements)
    result = entries["result"].word(_ALL_RESULTS) if "result" in entries else None
    claim = entries["claim"].word(Claim) if "claim" in entries else None
    conditions = _conditions(entries, claim)
    if named is None:
        return None
    objectives = _objectives(entries.get("objectives"), named.requirement)
    if named.objectives and objectives:
        entries["objectives"].wrong("the id names an objective already; name the requirement alone, or drop this key")
    if named.objectives and result is not None:
        objectives, result = dict.fromkeys(named.objectives, result), None
    return Finding(
        requirement=named.requirement.id,
        result=result,
        objectives=objectives,
        variant=_variant(entries.get("variant")),
        claim=claim,
        conditions=conditions,
        asset=entries["asset"].text() if "asset" in entries else None,
        note=entries["note"].text() if "note" in entries else None,
        row=place.key,
    )


def _variant(place: Place | None) -> str | None:
    text = place.text() if place else None
    return folded(text).replace(" ", "_").lower() if text else None


def _conditions(entries: Mapping[str, Place], claim: Claim | None) -> Mapping[str, bool]:
    allowed = _CONDITIONS[claim] if claim else ()
    conditions: dict[str, bool] = {}
    for key in _EVERY_CONDITION:
        if key not in entries:
            continue
        if "claim" not in entries:
            entries[key].wrong("this is a condition of a claim, and the key claim is missing; add it, or drop this key")
        elif claim is not None and key not in allowed:
            entries[key].wrong(f"this is no condition of the claim {claim}; its conditions are {', '.join(allowed)}")
        elif (held := entries[key].flag()) is not None:
            conditions[key] = held
    return conditions


def _objectives(place: Place | None, requirement: Requirement) -> dict[str, Result]:
    objectives: dict[str, Result] = {}
    for key, item in place.entries().items() if place else ():
        letter, result = _letter(key, requirement), item.word(_ALL_RESULTS)
        if letter is None:
            item.wrong(f"{requirement.id} has no such objective; {_has(requirement)}")
        elif result is not None and objectives.setdefault(letter, result) != result:
            item.wrong(f"the objective is {objectives[letter]} above and {result} here; keep one of the two")
    return objectives


def _letter(text: str, requirement: Requirement) -> str | None:
    """The requirement's own key of the objective that the text names: `f`, `[F]`, `3.1.1[f]`."""
    if match := _LETTER.fullmatch(text.strip()):
        return objective_key(requirement, match.group(1).lower())
    read = read_id(text)
    if not isinstance(read, IdRead) or read.number is None or read.letter is None:
        return None
    return objective_key(requirement, read.letter, read.number)


def _has(requirement: Requirement) -> str:
    if not requirement.objectives:
        return f"level {requirement.level.value} requirements have none"
    return f"its objectives are {either(requirement.objectives)}"
