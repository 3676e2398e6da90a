"""Recorded decisions: the only things that change a finding once it is official."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmmc_jira.core.issues import Actual, Kind
from cmmc_rules.answers import Notice
from cmmc_rules.records import Assessment, Finding
from cmmc_rules.words import Path, Result

REEVALUATION: Final = "re-evaluation"
APPEAL: Final = "appeal"
CLOSEOUT: Final = "closeout"


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision on one requirement and the finding it came to."""

    requirement: str
    what: str
    result: Result
    on: date
    issue: str


def decisions(
    issues: Iterable[Actual], assessment: Assessment, *, window: date | None
) -> tuple[tuple[Decision, ...], tuple[Notice, ...]]:
    """Return the decisions that count, and a notice for each that does not.

    A decision counts with its date, not before its day. Re-evaluation and appeal exist for certification assessments
    only (32 CFR 170.17(c)(2), 170.18(c)(2), 170.7(b), 170.9(b)(19)); a re-evaluation counts only inside its window,
    which ends on `window` where that is known, and before the Findings Report is delivered.
    """
    counted, notices = [], []
    for issue in issues:
        if issue.kind is not Kind.REMEDIATION or "CMMC Decision" not in issue.fields:
            continue
        decision = _decision(issue)
        refusal = _refusal(issue, decision, assessment, window)
        if refusal:
            notices.append(Notice("DECISION_NOT_COUNTED", f"{issue.key}: {refusal}", requirement=issue.subject))
        elif decision:
            counted.append(decision)
    return tuple(sorted(counted, key=lambda decision: decision.requirement)), tuple(notices)


def _decision(issue: Actual) -> Decision | None:
    fields = issue.fields
    if "CMMC Decision Date" not in fields or "CMMC Finding" not in fields:
        return None
    return Decision(
        requirement=issue.subject,
        what=fields["CMMC Decision"],
        result=Result(fields["CMMC Finding"]),
        on=date.fromisoformat(fields["CMMC Decision Date"]),
        issue=issue.key,
    )


def _refusal(issue: Actual, decision: Decision | None, assessment: Assessment, window: date | None) -> str | None:
    what = issue.fields["CMMC Decision"]
    if decision is None:
        empty = "CMMC Decision Date" if "CMMC Decision Date" not in issue.fields else "CMMC Finding"
        return f"the {what} changes nothing while {empty} is empty."
    if decision.on > assessment.dates.as_of:
        return f"the {what} is dated {decision.on}, which is in the future; it counts from that day on."
    if what == CLOSEOUT:
        return None
    if assessment.path is Path.SELF:
        return f"a self-assessment has no {what}; correct the findings before posting, or close out the POA&M."
    if what == REEVALUATION and window and decision.on > window:
        return f"the re-evaluation is dated {decision.on}, after its window ended on {window} (32 CFR 170.17(c)(2))."
    delivered = assessment.dates.findings_report_delivered
    if what == REEVALUATION and delivered and decision.on > delivered:
        return (
            f"the re-evaluation is dated {decision.on}, after the Findings Report was delivered on {delivered} "
            "(32 CFR 170.17(c)(2)(iii))."
        )
    return None


def overridden(findings: Iterable[Finding], counted: Iterable[Decision]) -> tuple[Finding, ...]:
    """Return findings with each re-evaluated or appealed requirement's replaced by what was decided."""
    new = {decision.requirement: decision for decision in counted if decision.what != CLOSEOUT}
    kept = [
        finding
        for finding in findings
        if finding.requirement not in new or new[finding.requirement].result is Result.NOT_MET
    ]
    decided = [
        Finding(requirement=decision.requirement, result=decision.result)
        for decision in new.values()
        if decision.result is not Result.NOT_MET
    ]
    return (*kept, *decided)


def closeout_results(counted: Iterable[Decision]) -> dict[str, Result]:
    """Return what the closeout found, by requirement."""
    return {decision.requirement: decision.result for decision in counted if decision.what == CLOSEOUT}
