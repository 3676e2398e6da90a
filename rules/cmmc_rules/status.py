"""The official status on a day: what the findings earned, and what time and closeouts have made of it since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cmmc_rules import keys
from cmmc_rules.answers import GateAnswer, ReasonGiven
from cmmc_rules.calendar import anniversary
from cmmc_rules.closeout import Judged, deadline, judge
from cmmc_rules.gates import Facts
from cmmc_rules.words import Reason, Result, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """A status with its clocks. `deadline` is set once a Conditional status was earned and posted, and stays."""

    status: Status
    deadline: date | None = None
    valid_through: date | None = None
    closeout: Judged | None = None
    reasons: tuple[ReasonGiven, ...] = ()


def earned(facts: Facts, gates: Sequence[GateAnswer]) -> Status:
    """The status that the findings by themselves earn."""
    path = keys.PATHS[facts.assessment.level, facts.assessment.path]
    if facts.with_result(Result.NOT_ASSESSED):
        return Status.UNDETERMINED
    if any(gate.held is not True for gate in gates):
        return Status.NONE
    if not facts.with_result(Result.NOT_MET):
        return facts.edition[path.final].value
    return facts.edition[path.closeout.conditional].value if path.closeout else Status.NONE


def standing(facts: Facts, status: Status, posted: date | None) -> Standing:
    """What has become, by the day evaluated for, of a status earned and posted on that day; None: not posted."""
    found = Standing(status)
    if posted is not None and status.conditional:
        found = _conditional(facts, status, posted)
    if posted is not None and found.status.final:
        found = _final(facts, found, posted)
    if not facts.assessment.context.scope_changed:
        return found
    change = facts.edition[keys.SCOPE_CHANGE]
    because = "The scope has changed since the assessment, and a new scope needs a new assessment"
    reason = ReasonGiven(Reason.SCOPE_CHANGED_NEW_ASSESSMENT_REQUIRED, None, change.cite, because)
    kept = Status.NONE if posted is not None and found.status.conditional else found.status
    return replace(found, status=kept, reasons=(*found.reasons, reason))


def _conditional(facts: Facts, status: Status, posted: date) -> Standing:
    """A Conditional status: alive until its deadline, Final by a complete closeout, ended by a failed one in eMASS."""
    assessment, edition = facts.assessment, facts.edition
    last_day = deadline(facts, posted)
    judged, reasons = judge(facts, posted)
    found = Standing(status, deadline=last_day, closeout=judged, reasons=reasons)
    if judged is not None and judged.complete:
        return replace(found, status=edition[keys.PATHS[assessment.level, assessment.path].final].value)
    failure = edition[keys.FAILURE_ENDS]
    if judged is not None and not judged.late and failure.value[assessment.path]:
        because = f"The closeout posted on {judged.posted} left an item NOT MET, and it can be posted only once"
        reason = ReasonGiven(Reason.CONDITIONAL_TERMINATED_BY_FAILED_CLOSEOUT, None, failure.cite, because)
        return replace(found, status=Status.NONE, reasons=(*reasons, reason))
    if assessment.dates.as_of > last_day:
        because = f"The Conditional status of {posted} ended after {last_day}; no complete closeout was posted by then"
        reason = ReasonGiven(Reason.CONDITIONAL_EXPIRED, None, edition[keys.EXPIRY].cite, because)
        return replace(found, status=Status.NONE, reasons=(*reasons, reason))
    return found


def _final(facts: Facts, found: Standing, posted: date) -> Standing:
    """A Final status: good through the anniversary of the CMMC Status Date, without a period of grace."""
    years = facts.edition[keys.PATHS[facts.assessment.level, facts.assessment.path].valid_years]
    last_day = anniversary(posted, years.value)
    if facts.assessment.dates.as_of <= last_day:
        return replace(found, valid_through=last_day)
    because = f"The status of {posted} was good through {last_day}"
    reason = ReasonGiven(Reason.STATUS_EXPIRED, None, years.cite, because)
    return replace(found, status=Status.NONE, valid_through=last_day, reasons=(*found.reasons, reason))
