"""The windows that days open and close: affirmation, retention, re-evaluation, appeal."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cmmc_rules import keys
from cmmc_rules.answers import ReasonGiven
from cmmc_rules.calendar import anniversary, business_days_after
from cmmc_rules.law import Edition
from cmmc_rules.records import Appeal, Assessment, Reevaluation
from cmmc_rules.words import Reason, Route


@dataclass(frozen=True, slots=True)
class Affirmation:
    """The next annual affirmation that no recorded one covers, and whether none is overdue."""

    next_due: date | None
    current: bool
    reasons: tuple[ReasonGiven, ...] = ()


def affirmation(assessment: Assessment, posted: date | None, edition: Edition) -> Affirmation:
    """The annual affirmation, due on each anniversary of the CMMC Status Date: the n-th covers the n-th.

    Counted from the date alone (position 9): it does not say whether there is still a status to affirm. An
    affirmation counts once a day, and only after the status date, on which the first, not an annual one, is due.
    """
    if posted is None:
        return Affirmation(next_due=None, current=True)
    as_of = assessment.dates.as_of
    years = edition[keys.AFFIRMATION_YEARS]
    covered = {day for day in assessment.dates.annual_affirmations if posted < day <= as_of}
    due = anniversary(posted, years.value * (len(covered) + 1))
    if as_of <= due:
        return Affirmation(next_due=due, current=True)
    because = f"No affirmation is recorded that covers {due}, an anniversary of the CMMC Status Date {posted}"
    reason = ReasonGiven(Reason.ANNUAL_AFFIRMATION_OVERDUE, None, years.cite, because)
    return Affirmation(next_due=due, current=False, reasons=(reason,))


def reevaluation(
    assessment: Assessment, posted: date | None, edition: Edition, closures: Collection[date]
) -> Reevaluation:
    """Whether a NOT MET requirement could be re-evaluated on the day of the request, or else on the day evaluated for.

    What nobody said of the three conditions does not close the window.
    """
    found = keys.PATHS[assessment.level, assessment.path].reevaluation
    if not isinstance(found, keys.ReevaluationKeys):
        because = (
            f"Only certification assessments have a re-evaluation, not level {assessment.level} ({assessment.path})"
        )
        reason = ReasonGiven(Reason.NOT_A_CERTIFICATION_ASSESSMENT, None, edition[found].cite, because)
        return Reevaluation(open=False, last_day=None, reasons=(reason, *_in_closeout(assessment, edition)))
    if assessment.context.closeout_assessment:
        return Reevaluation(open=False, last_day=None, reasons=tuple(_in_closeout(assessment, edition)))
    end, days = assessment.dates.active_assessment_end, edition[found.business_days].value
    last_day = business_days_after(end, days, closures) if end else None
    latest, ended = last_day, f"on {last_day}, {days} business days after the active assessment ended on {end}"
    if latest is None and posted is not None:  # results are posted after the assessment, never during it
        latest = business_days_after(posted, days, closures)
        ended = f"by {latest} at the latest, as the results were posted on {posted}"
    reasons = tuple(_closed(assessment, edition, found, last_day=latest, ended=ended))
    return Reevaluation(open=not reasons, last_day=last_day, reasons=reasons)


def appeal(assessment: Assessment, edition: Edition, closures: Collection[date]) -> Appeal:
    """The last day of an appeal on its route, and whether the one that was filed came in time (None: none filed)."""
    trigger, filed = assessment.dates.trigger, assessment.dates.filed
    if trigger is None or assessment.context.route is None:
        return Appeal(last_day=None, timely=None)
    if assessment.context.route is Route.DIBCAC:
        days = edition[keys.DIBCAC_APPEAL_DAYS]
        last_day, unit = trigger + timedelta(days=days.value), "days"
    else:
        days = edition[keys.CYBER_AB_APPEAL_DAYS]
        last_day, unit = business_days_after(trigger, days.value, closures), "business days"
    if filed is None or filed <= last_day:
        return Appeal(last_day, timely=None if filed is None else True, citation=days.cite)
    because = f"The appeal was filed on {filed}; its last day was {last_day}, {days.value} {unit} after {trigger}"
    late = ReasonGiven(Reason.APPEAL_LATE, None, days.cite, because)
    return Appeal(last_day, timely=False, citation=days.cite, reasons=(late,))


def _in_closeout(assessment: Assessment, edition: Edition) -> Iterator[ReasonGiven]:
    if assessment.context.closeout_assessment:
        because = "The rule has no re-evaluation in a closeout assessment"
        yield ReasonGiven(Reason.NO_RULE_TEXT_FOR_CLOSEOUT, None, edition[keys.CLOSEOUT_COVERS].cite, because)


def _closed(
    assessment: Assessment,
    edition: Edition,
    found: keys.ReevaluationKeys,
    *,
    last_day: date | None,
    ended: str,
) -> Iterator[ReasonGiven]:
    """Every reason why the window is closed on the day in question."""
    dates, context = assessment.dates, assessment.context
    day = dates.request_date or dates.as_of
    if last_day is not None and day > last_day:
        because = f"The window ended {ended}; {day} is later"
        yield ReasonGiven(Reason.WINDOW_CLOSED, None, edition[found.business_days].cite, because)
    if dates.findings_report_delivered is not None and dates.findings_report_delivered <= day:
        because = f"The Findings Report was delivered on {dates.findings_report_delivered}"
        yield ReasonGiven(Reason.FINDINGS_REPORT_DELIVERED, None, edition[found.report_not_delivered].cite, because)
    if context.affects_other_requirements:
        because = "The new evidence would affect requirements that were assessed before"
        yield ReasonGiven(Reason.AFFECTS_OTHER_REQUIREMENTS, None, edition[found.no_effect_on_others].cite, because)
    if context.additional_evidence_available is False:
        because = "There is no additional evidence"
        yield ReasonGiven(Reason.NO_ADDITIONAL_EVIDENCE, None, edition[found.evidence].cite, because)
