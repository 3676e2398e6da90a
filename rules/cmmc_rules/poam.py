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


def eligibility(outcome: Outcome, edition: Edition) -> Eligibility:
    """Whether this requirement, NOT MET, may be on the POA&M of its level."""
    requirement = outcome.requirement
    if requirement.level is Level.ONE:
        cite = edition[keys.POAM_1].cite
        return Eligibility(cite, "No Level 1 requirement may be on a POA&M", Reason.L1_REQUIREMENT_NOT_MET)
    barred = edition[keys.NEVER_DEFERRED[requirement.level]]
    if requirement.id in barred.value:
        because = f"{requirement.id} is one of the {len(barred.value)} requirements that may never be on the POA&M"
        return Eligibility(barred.value[requirement.id], because, Reason.BARRED_REQUIREMENT)
    if requirement.level is Level.THREE:
        because = f"{requirement.id} is not one of the {len(barred.value)} requirements that may never be on the POA&M"
        return Eligibility(barred.cite, because)
    return _by_points(outcome, edition)


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


def _by_points(outcome: Outcome, edition: Edition) -> Eligibility:
    most = edition[keys.MOST_POINTS]
    exception = edition[keys.DEFERRABLE_VARIANT]
    points = outcome.points or 0
    name = outcome.requirement.id
    worth = f"is worth {points} {'point' if points == 1 else 'points'}"
    if points <= most.value:
        return Eligibility(most.cite, f"{name} {worth}; a POA&M item may be worth at most {most.value}")
    state = f" ({_STATES[Variant(outcome.variant)]})" if outcome.variant else ""
    if outcome.variant is not None and exception.value.get(name) == outcome.variant:
        because = f"{name} in this state{state} {worth} and is the one exception to the limit of {most.value}"
        return Eligibility(exception.cite, because)
    if outcome.undetermined:
        state = ", as its variant is not known"
    because = f"{name} {worth}{state}; a POA&M item may be worth at most {most.value}"
    return Eligibility(most.cite, because, Reason.POINT_VALUE_GT_1)
