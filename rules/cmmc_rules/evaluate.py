"""The law applied to one assessment on one day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cmmc_rules import closeout, keys, reasons
from cmmc_rules.answers import GateAnswer, Notice
from cmmc_rules.calendar import anniversary_or_after
from cmmc_rules.clocks import affirmation, appeal, reevaluation
from cmmc_rules.gates import Facts, gates
from cmmc_rules.law import Law
from cmmc_rules.poam import item
from cmmc_rules.records import Assessment, Evaluation
from cmmc_rules.results import outcomes
from cmmc_rules.scoring import least_conditional, most_points, plan, score
from cmmc_rules.status import Standing, earned, standing
from cmmc_rules.words import Gate, Level, Path, Result, SprsLabel, Status


def evaluate(assessment: Assessment, law: Law, *, closures: Collection[date] = ()) -> Evaluation:
    """What the law says of the assessment on the day it is evaluated for (`dates.as_of`).

    The law in force on the CMMC Status Date judges it, or on the day evaluated for while there is none; a status date
    that lies after that day has not come yet. `closures` are days, beside the federal holidays, that are no business
    days. Raises `NotInForce` for a day before the rule, and `ValueError` for a requirement or path of another level.
    """
    if (assessment.level, assessment.path) not in keys.PATHS:
        raise ValueError(f"Level {assessment.level} is not assessed by {assessment.path}.")
    dates = assessment.dates
    posted = dates.cmmc_status_date if dates.cmmc_status_date and dates.cmmc_status_date <= dates.as_of else None
    edition = law.edition(posted or dates.as_of)
    found, notices = outcomes(assessment, edition)
    facts = Facts(assessment, edition, found, score(found, assessment.level, edition))
    answers = gates(facts)
    path = keys.PATHS[assessment.level, assessment.path]
    stands = standing(facts, earned(facts, answers), posted)
    affirmed = affirmation(assessment, posted, edition)
    points = _points(facts, answers, stands)
    scored = assessment.level is not Level.ONE
    return Evaluation(
        level=assessment.level,
        path=assessment.path,
        as_of=dates.as_of,
        posted=posted is not None,
        score=points.score,
        max_score=most_points(assessment.level, edition) if scored else None,
        min_conditional_score=least_conditional(assessment.level, edition) if scored else None,
        score_at_worst=points.worst,
        score_at_best=points.best,
        status=stands.status,
        sprs_status_type=_sprs_label(facts, stands.status),
        conditional_eligible=_eligible(assessment.level, answers),
        gates=answers,
        reasons=reasons.ordered((*reasons.of_findings(facts, answers), *stands.reasons, *affirmed.reasons)),
        notices=(*assessment.notices, *notices, *_notices(facts, posted, stands)),
        items=tuple(item(outcome, edition) for outcome in facts.with_result(Result.NOT_MET)),
        not_assessed=tuple(outcome.requirement.id for outcome in facts.with_result(Result.NOT_ASSESSED)),
        results=MappingProxyType({outcome.requirement.id: outcome.result for outcome in found}),
        cmmc_status_date=posted,
        deadline=stands.deadline,
        day_number=(dates.as_of - posted).days if posted and stands.deadline else None,
        days_remaining=(stands.deadline - dates.as_of).days if stands.deadline else None,
        valid_through=stands.valid_through,
        next_annual_affirmation_due=affirmed.next_due,
        affirmation_current=affirmed.current,
        closeout_affirmation_required=closeout.affirmation_required(facts, stands.closeout),
        retain_through=anniversary_or_after(posted, edition[path.retention_years].value) if posted else None,
        hashing_required=edition[path.hashing].value,
        reevaluation=reevaluation(assessment, posted, edition, closures),
        appeal=appeal(assessment, edition, closures),
    )


@dataclass(frozen=True, slots=True)
class _Points:
    score: int | None = None
    worst: int | None = None
    best: int | None = None


def _points(facts: Facts, answers: Sequence[GateAnswer], stands: Standing) -> _Points:
    """The score, which stays the initial one until a closeout is complete (position 18); else its bounds."""
    prerequisite = all(answer.held for answer in answers if answer.gate is Gate.LEVEL2_PREREQUISITE)
    if facts.score is None or not prerequisite:
        return _Points()
    if facts.with_result(Result.NOT_ASSESSED):
        return _Points(worst=facts.score.worst, best=facts.score.best)
    return _Points(score=facts.score.most if stands.closeout and stands.closeout.complete else facts.score.best)


def _eligible(level: Level, answers: Sequence[GateAnswer]) -> bool | None:
    """Whether every gate to a Conditional status holds; Level 1 has none to be had."""
    held = [answer.held for answer in answers]
    if level is Level.ONE or False in held:
        return False
    return None if None in held else True


def _sprs_label(facts: Facts, status: Status) -> SprsLabel | None:
    """What SPRS shows for a Level 2 self-assessment that yields no status (position 15)."""
    if facts.assessment.level is not Level.TWO or facts.assessment.path is not Path.SELF or status is not Status.NONE:
        return None
    no_ssp = plan(facts.outcomes, facts.edition).result is Result.NOT_MET
    return SprsLabel.NO_SCORE if no_ssp else SprsLabel.NO_STATUS


def _notices(facts: Facts, posted: date | None, stands: Standing) -> Iterator[Notice]:
    yield from closeout.notices(facts, posted, stands.closeout, conditional=stands.deadline is not None)
    dates, poam = facts.assessment.dates, facts.assessment.poam
    if posted is None and dates.cmmc_status_date is not None:
        because = f"The CMMC Status Date {dates.cmmc_status_date} lies after {dates.as_of}, so nothing is posted yet"
        yield Notice("STATUS_DATE_AHEAD", because, row="dates.cmmc_status_date")
    not_met = {outcome.requirement.id for outcome in facts.with_result(Result.NOT_MET)}
    for name in sorted((poam or frozenset()) - not_met):
        because = f"{name} is on the POA&M but not NOT MET; it is no item of it"
        yield Notice("POAM_WITHOUT_FINDING", because, name, facts.edition[keys.CLOSEOUT_COVERS].cite)
    if posted is not None and facts.with_result(Result.NOT_ASSESSED) and facts.assessment.level is not Level.ONE:
        because = (
            f"Not every requirement is assessed. If the assessment earned a Conditional status, its closeout must be "
            f"posted by {closeout.deadline(facts, posted)}"
        )
        yield Notice("CLOCK_MAY_RUN", because, citation=facts.edition[keys.CLOSEOUT_DAYS].cite)
