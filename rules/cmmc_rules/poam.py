"""Whether a NOT MET requirement may be on a POA&M (32 CFR 170.21(a)), each by itself."""

from dataclasses import dataclass

from cmmc_rules import keys
from cmmc_rules.law import Edition
from cmmc_rules.records import Item
from cmmc_rules.results import Outcome
from cmmc_rules.words import Level, Reason, Variant

_STATES = {
    Variant.EMPLOYED_NOT_FIPS_VALIDATED: "encryption is employed but not FIPS-validated",
    Variant.NOT_EMPLOYED: "no encryption is employed",
    Variant.REMOTE_AND_PRIVILEGED_ONLY: "multifactor authentication is in place for remote and privileged users only",
    Variant.NOT_IMPLEMENTED: "multifactor authentication is in place for no users",
}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Where it stands and because of what a requirement may be deferred, or may not: then `bar` is the code."""

    citation: str
    because: str
    bar: Reason | None = None


def bar(outcome: Outcome, edition: Edition) -> Reason | None:
    """Why this requirement, NOT MET, may not be on the POA&M of its level; None if it may."""
    requirement = outcome.requirement
    if requirement.level is Level.ONE:
        return Reason.L1_REQUIREMENT_NOT_MET
    if requirement.id in edition[keys.NEVER_DEFERRED[requirement.level]].value:
        return Reason.BARRED_REQUIREMENT
    if requirement.level is Level.THREE or (outcome.points or 0) <= edition[keys.MOST_POINTS].value:
        return None
    excepted = edition[keys.DEFERRABLE_VARIANT].value.get(requirement.id)
    return None if excepted is not None and excepted == outcome.variant else Reason.POINT_VALUE_GT_1


def eligibility(outcome: Outcome, edition: Edition) -> Eligibility:
    """Whether this requirement, NOT MET, may be on the POA&M of its level, where that stands and because of what."""
    requirement, barred = outcome.requirement, bar(outcome, edition)
    if requirement.level is Level.ONE:
        return Eligibility(edition[keys.POAM_1].cite, "No Level 1 requirement may be on a POA&M", barred)
    named = edition[keys.NEVER_DEFERRED[requirement.level]]
    group = f"one of the {len(named.value)} requirements that may never be on the POA&M"
    if barred is Reason.BARRED_REQUIREMENT:
        return Eligibility(named.value[requirement.id], f"{requirement.id} is {group}", barred)
    if requirement.level is Level.THREE:
        return Eligibility(named.cite, f"{requirement.id} is not {group}", barred)
    return _by_points(outcome, edition, barred)


def item(outcome: Outcome, edition: Edition) -> Item:
    """A NOT MET requirement with its own eligibility, whatever the gates say of the whole."""
    found = eligibility(outcome, edition)
    requirement = outcome.requirement
    return Item(
        requirement=requirement.id,
        name=requirement.name,
        points=outcome.points,
        poam_eligible=found.bar is None,
        objectives_not_met=outcome.objectives_not_met,
        variant=outcome.variant,
        citation=found.citation,
        because=found.because,
    )


def _by_points(outcome: Outcome, edition: Edition, barred: Reason | None) -> Eligibility:
    most = edition[keys.MOST_POINTS]
    points = outcome.points or 0
    name, worth = outcome.requirement.id, f"is worth {points} {'point' if points == 1 else 'points'}"
    limit = f"a POA&M item may be worth at most {most.value}"
    if points <= most.value:
        return Eligibility(most.cite, f"{name} {worth}; {limit}", barred)
    state = f" ({_STATES[Variant(outcome.variant)]})" if outcome.variant else ""
    if barred is None:
        because = f"{name} in this state{state} {worth} and is the one exception to the limit of {most.value}"
        return Eligibility(edition[keys.DEFERRABLE_VARIANT].cite, because, barred)
    if outcome.undetermined:
        state = ", as its variant is not known"
    return Eligibility(most.cite, f"{name} {worth}{state}; {limit}", barred)
