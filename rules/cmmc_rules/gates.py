"""The gates: what must hold for a Conditional status (32 CFR 170.21(a)), or at Level 1 for any status.

A gate is open (`held` is None) while requirements that are not assessed could still decide it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cmmc_rules import keys
from cmmc_rules.answers import GateAnswer
from cmmc_rules.law import Edition
from cmmc_rules.poam import bar
from cmmc_rules.records import Assessment
from cmmc_rules.results import Outcome
from cmmc_rules.scoring import Score, best_points, least_conditional, plan
from cmmc_rules.words import Gate, Level, Reason, Result

NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates look at: the assessment, its outcomes and its score under one edition of the law."""

    assessment: Assessment
    edition: Edition
    outcomes: Sequence[Outcome]
    score: Score | None

    def with_result(self, result: Result) -> tuple[Outcome, ...]:
        """The outcomes with this result, in catalogue order."""
        return tuple(each for each in self.outcomes if each.result is result)

    def off_poam(self, outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
        """Those of the outcomes that a stated POA&M does not name; none where no POA&M is stated."""
        poam = self.assessment.poam
        return () if poam is None else tuple(each for each in outcomes if each.requirement.id not in poam)

    def barred(self, outcomes: Iterable[Outcome], reason: Reason) -> tuple[Outcome, ...]:
        """Those of the outcomes that may not be deferred for this reason."""
        return tuple(each for each in outcomes if bar(each, self.edition) is reason)


def gates(facts: Facts) -> tuple[GateAnswer, ...]:
    """The answers to all gates of the assessment's level, in the order in which they are listed."""
    return tuple(answer(facts) for answer in _OF_LEVEL[facts.assessment.level].values())


def _all_met(facts: Facts) -> GateAnswer:
    return _no_offender(
        Gate.ALL_MET,
        facts.edition[keys.ALL_MET_1].cite,
        facts.with_result(Result.NOT_MET),
        facts.with_result(Result.NOT_ASSESSED),
        offence="NOT MET",
        otherwise=f"All {len(facts.outcomes)} requirements are MET",
    )


def _score_ratio(facts: Facts) -> GateAnswer:
    ratio = facts.edition[keys.LEAST_RATIO[facts.assessment.level]]
    score = facts.score
    if score is None:
        held, because = _unscored(facts)
        return GateAnswer(Gate.SCORE_RATIO, held=held, citation=ratio.cite, because=because)
    least, of = f"{float(ratio.value):g}", f"of {score.most}"
    settled = score.worst == score.best
    held = None
    because = f"Between {score.worst} and {score.best} {of} are possible; {score.least_conditional} are needed"
    if score.worst >= score.least_conditional:
        held, because = True, f"{score.worst} {of}{'' if settled else ', at worst,'} is at least {least}"
    elif score.best < score.least_conditional:
        held, because = False, f"{score.best} {of}{'' if settled else ', at best,'} is less than {least}"
    return GateAnswer(Gate.SCORE_RATIO, held=held, citation=ratio.cite, because=because)


def _unscored(facts: Facts) -> tuple[bool | None, str]:
    """Whether the least score can still be reached while there is no score, which is for want of an SSP."""
    if plan(facts.outcomes, facts.edition).result is not Result.NOT_ASSESSED:
        return False, "There is no score without an SSP"
    level, edition = facts.assessment.level, facts.edition
    if best_points(facts.outcomes, level, edition) < least_conditional(level, edition):
        return False, f"Even with an SSP the score cannot reach {least_conditional(level, edition)}"
    return None, "Nothing can be scored until the SSP is assessed"


def _point_values(facts: Facts) -> GateAnswer:
    most = facts.edition[keys.MOST_POINTS]
    limit = f"worth more than {most.value} point"
    not_met = facts.with_result(Result.NOT_MET)
    excepted = [each.requirement.id for each in not_met if (each.points or 0) > most.value]
    but = f" but {', '.join(excepted)}, in the one state that is excepted" if excepted else ""
    return _no_offender(
        Gate.POINT_VALUES,
        most.cite,
        facts.barred(not_met, Reason.POINT_VALUE_GT_1),
        facts.barred(facts.with_result(Result.NOT_ASSESSED), Reason.POINT_VALUE_GT_1),
        offence=f"NOT MET and {limit}",
        otherwise=f"No NOT MET requirement is {limit}{but}",
    )


def _never_deferred(facts: Facts) -> GateAnswer:
    return _no_offender(
        Gate.NEVER_DEFERRED,
        facts.edition[keys.NEVER_DEFERRED[facts.assessment.level]].cite,
        facts.barred(facts.with_result(Result.NOT_MET), Reason.BARRED_REQUIREMENT),
        facts.barred(facts.with_result(Result.NOT_ASSESSED), Reason.BARRED_REQUIREMENT),
        offence="NOT MET and may never be on the POA&M",
        otherwise="No requirement that may never be on the POA&M is NOT MET",
    )


def _poam_present(facts: Facts) -> GateAnswer:
    closeout = keys.PATHS[facts.assessment.level, facts.assessment.path].closeout
    cite = facts.edition[closeout.conditional].cite if closeout else facts.edition[keys.NEEDS_POAM].cite
    otherwise = "Every NOT MET requirement is on the POA&M"
    if facts.assessment.poam is None:
        otherwise = "No POA&M is stated, so every NOT MET requirement counts as being on it"
    not_met = facts.with_result(Result.NOT_MET)
    return _no_offender(
        Gate.POAM_PRESENT,
        cite,
        facts.off_poam(not_met),
        facts.off_poam(facts.with_result(Result.NOT_ASSESSED)),
        offence="NOT MET and not on the POA&M",
        otherwise=otherwise if not_met else "No requirement is NOT MET",
    )


def _ssp_present(facts: Facts) -> GateAnswer:
    ssp = facts.edition[keys.SSP]
    result = plan(facts.outcomes, facts.edition).result
    held = None if result is Result.NOT_ASSESSED else result is Result.MET
    return GateAnswer(Gate.SSP_PRESENT, held=held, citation=ssp.cite, because=f"{ssp.value} is {_said(result)}")


def _level2_prerequisite(facts: Facts) -> GateAnswer:
    needed = facts.edition[keys.LEVEL_2_STATUS]
    recorded = facts.assessment.context.level2_status_on_scope
    held = recorded == needed.value
    because = f"The scope holds {needed.value}"
    if not held:
        because = f"The scope must hold {needed.value}; recorded is {recorded or 'nothing'}"
    return GateAnswer(Gate.LEVEL2_PREREQUISITE, held=held, citation=needed.cite, because=because)


_OF_LEVEL: Final[Mapping[Level, Mapping[Gate, Callable[[Facts], GateAnswer]]]] = {
    Level.ONE: {Gate.ALL_MET: _all_met},
    Level.TWO: {
        Gate.SCORE_RATIO: _score_ratio,
        Gate.POINT_VALUES: _point_values,
        Gate.NEVER_DEFERRED: _never_deferred,
        Gate.POAM_PRESENT: _poam_present,
        Gate.SSP_PRESENT: _ssp_present,
    },
    Level.THREE: {
        Gate.SCORE_RATIO: _score_ratio,
        Gate.NEVER_DEFERRED: _never_deferred,
        Gate.POAM_PRESENT: _poam_present,
        Gate.LEVEL2_PREREQUISITE: _level2_prerequisite,
    },
}


def _no_offender(
    gate: Gate,
    citation: str,
    offenders: Sequence[Outcome],
    possible: Sequence[Outcome],
    *,
    offence: str,
    otherwise: str,
) -> GateAnswer:
    """False with the offenders named; open while one that is not assessed could offend; else true."""
    if offenders:
        because = f"{named(offenders)} {'is' if len(offenders) == 1 else 'are'} {offence}"
        return GateAnswer(gate, held=False, citation=citation, because=because)
    if possible:
        because = f"{named(possible)}, not assessed, could still be {offence}"
        return GateAnswer(gate, held=None, citation=citation, because=because)
    return GateAnswer(gate, held=True, citation=citation, because=otherwise)


def named(outcomes: Sequence[Outcome]) -> str:
    """The ids of the first few requirements, and how many more there are."""
    ids = [each.requirement.id for each in outcomes]
    more = len(ids) - NAMED_AT_MOST
    return ", ".join(ids) if more <= 0 else f"{', '.join(ids[:NAMED_AT_MOST])} and {more} more"


def _said(result: Result) -> str:
    return {Result.NOT_MET: "NOT MET, so there is no SSP", Result.NOT_ASSESSED: "not assessed"}.get(result, "MET")
