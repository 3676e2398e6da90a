"""The reason codes that an assessment's findings give by themselves, before any clock is looked at."""

from collections.abc import Iterable, Iterator

from cmmc_rules import keys
from cmmc_rules.answers import GateAnswer, ReasonGiven
from cmmc_rules.gates import Facts
from cmmc_rules.poam import eligibility
from cmmc_rules.results import Outcome
from cmmc_rules.scoring import plan
from cmmc_rules.words import Gate, Level, Reason, Result

_ORDER = {code: place for place, code in enumerate(Reason)}


def ordered(reasons: Iterable[ReasonGiven]) -> tuple[ReasonGiven, ...]:
    """The reasons in the order of their codes, those of one code as they came: in the catalogue's order."""
    return tuple(sorted(reasons, key=lambda reason: _ORDER[reason.code]))


def of_findings(facts: Facts, gates: Iterable[GateAnswer]) -> Iterator[ReasonGiven]:
    """Why the findings bar a status. Every gate that fails is named, and every requirement that makes it fail.

    Without an SSP nothing is scored, so only its absence and the requirements barred by name are given.
    """
    not_met = facts.with_result(Result.NOT_MET)
    if facts.assessment.level is Level.ONE:
        yield from _level_1(facts, not_met)
        return
    no_ssp = facts.assessment.level is Level.TWO and plan(facts.outcomes, facts.edition).result is Result.NOT_MET
    for outcome in not_met:
        found = eligibility(outcome, facts.edition)
        if found.bar is Reason.BARRED_REQUIREMENT or (found.bar and not no_ssp):
            yield ReasonGiven(found.bar, outcome.requirement.id, found.citation, found.because)
    if no_ssp:
        ssp = facts.edition[keys.SSP]
        because = f"{ssp.value} is NOT MET: without an up-to-date SSP the assessment could not be completed"
        yield ReasonGiven(Reason.SSP_ABSENT, None, ssp.cite, because)
        return
    for gate in gates:
        if gate.held is False and gate.gate in _OF_GATE:
            yield ReasonGiven(_OF_GATE[gate.gate], None, gate.citation, gate.because)
    for outcome in facts.off_poam(not_met):
        name = outcome.requirement.id
        because = f"{name} is NOT MET and not on the POA&M, and each NOT MET requirement must have one"
        yield ReasonGiven(Reason.NO_POAM_FOR_NOT_MET, name, facts.edition[keys.NEEDS_POAM].cite, because)
    yield from (_undetermined(outcome) for outcome in not_met if outcome.undetermined)


_OF_GATE = {
    Gate.SCORE_RATIO: Reason.SCORE_BELOW_THRESHOLD,
    Gate.LEVEL2_PREREQUISITE: Reason.L3_PREREQUISITE_MISSING,
}


def _level_1(facts: Facts, not_met: Iterable[Outcome]) -> Iterator[ReasonGiven]:
    names = [outcome.requirement.id for outcome in not_met]
    for name in names:
        because = f"{name} is NOT MET, and Level 1 needs every requirement MET"
        yield ReasonGiven(Reason.L1_REQUIREMENT_NOT_MET, name, facts.edition[keys.ALL_MET_1].cite, because)
    if names and facts.assessment.poam != frozenset():
        because = "Level 1 has no POA&M, so nothing that is NOT MET can be deferred"
        yield ReasonGiven(Reason.L1_POAM_NOT_PERMITTED, None, facts.edition[keys.POAM_1].cite, because)


def _undetermined(outcome: Outcome) -> ReasonGiven:
    requirement = outcome.requirement
    priced = " or ".join(f"{name} ({points})" for name, points in requirement.variants.items())
    because = f"It is not known which variant of {requirement.id} applies, {priced}; it costs its full {outcome.points}"
    return ReasonGiven(Reason.VARIANT_UNDETERMINED, requirement.id, requirement.points_cite, because)
