"""What to do next, in order: the part of the status issue that a compliance lead acts on."""

from collections.abc import Collection, Sized

from cmmc_jira.core import citations
from cmmc_jira.core.facts import Facts
from cmmc_jira.core.issues import Actual
from cmmc_jira.core.text import Markup, escape, listed
from cmmc_rules.records import Evaluation
from cmmc_rules.words import Path, Reason, Status

_CLOSER = {
    Path.SELF: ("make the closeout self-assessment", citations.CLOSEOUT_SELF),
    Path.C3PAO: ("have a C3PAO make the closeout assessment", citations.CLOSEOUT_C3PAO),
    Path.DIBCAC: ("have DCMA DIBCAC make the closeout assessment", citations.CLOSEOUT_DIBCAC),
}


def next_steps(assessment: Actual, official: Evaluation, found: Facts, ready: Collection[str]) -> list[Markup]:
    """Return the next steps as markup, the first one first; `ready` are the requirements whose issues are done."""
    key = escape(assessment.key)
    steps = _asked(official)
    if found.source is None and not official.items and official.not_assessed:
        steps.append(f"Attach the findings file to {key}.")
    if official.status is Status.UNDETERMINED:
        steps.append(
            f"Assess {_counted(official.not_assessed, 'requirement')} that no finding settles: silence is never MET."
        )
    elif official.status.conditional or official.status.final:
        booked = "Closeout Booked" in assessment.fields
        steps += _holding(official, key, ready, booked=booked) if official.posted else _posting(official, found, key)
    else:
        steps += _without(official, key)
    return [Markup(step) for step in steps]


def _asked(official: Evaluation) -> list[str]:
    """Return what only a person can say, while it can still be said: before posting."""
    if official.posted:
        return []
    open_variants = [given.requirement for given in official.reasons if given.code is Reason.VARIANT_UNDETERMINED]
    return [
        f"Say which state {requirement} is in (CMMC Variant on its issue, or in the findings file): until then it "
        "counts in full and cannot wait."
        for requirement in open_variants
    ]


def _posting(official: Evaluation, found: Facts, key: str) -> list[str]:
    where = "SPRS" if official.path is Path.SELF else "eMASS (your assessor posts it)"
    clock = " That day starts the closeout clock." if official.status.conditional else ""
    to_check = "what stands under To check, and " if official.notices or found.notices else ""
    check = f"Check {to_check}that every NOT MET requirement is on the POA&M."
    return [
        *([check] if official.items else []),
        f"Post the results in {where} and have the affirming official affirm ({citations.AFFIRMATION}).",
        f"Enter the day of posting as CMMC Status Date on {key}.{clock}",
    ]


def _holding(official: Evaluation, key: str, ready: Collection[str], *, booked: bool) -> list[str]:
    if official.status.final:
        steps = [f"Affirm by {official.next_annual_affirmation_due} ({citations.AFFIRMATION})."]
        if official.closeout_affirmation_required:
            steps.insert(0, f"Affirm the closeout in SPRS, then enter Closeout Affirmed On on {key}.")
        return steps
    doing, cite = _CLOSER[official.path]
    book = f"Fix the day on which to {doing}, and enter it as Closeout Booked on {key}."
    open_ = [item for item in official.items if item.requirement not in ready]
    work = f"Remediate {_counted(open_, 'open item')}; move each issue to a done status when it is ready."
    when = "When all are ready" if open_ else "All items are ready"
    return [
        *([] if booked else [book]),
        *([work] if open_ else []),
        f"{when}{',' if open_ else ':'} {doing} ({cite}) and record each result on its issue (CMMC Decision closeout).",
        f"Have the result posted by {official.deadline}, then enter Closeout Posted and Closeout By on {key}.",
    ]


def _without(official: Evaluation, key: str) -> list[str]:
    codes = {given.code for given in official.reasons}
    if Reason.STATUS_EXPIRED in codes:
        return [
            f"Tell the affirming official and contracting: the status has ended, without grace ({citations.NO_GRACE}).",
            f"Make the next assessment; if it has an issue of its own, move {key} to a done status.",
        ]
    if Reason.CONDITIONAL_EXPIRED in codes:
        return [
            f"Tell the affirming official and contracting: the status has ended ({citations.CLOSEOUT_WINDOW}).",
            f"Plan a new assessment; another closeout is not possible ({citations.NEW_ASSESSMENT}).",
            f"Enter Target Reassessment on {key}, so that work has a date.",
        ]
    steps = []
    if Reason.SSP_ABSENT in codes:
        steps.append("Complete the system security plan first: without it nothing can be scored.")
    blocking = [item.requirement for item in official.items if not item.poam_eligible]
    if blocking:
        steps.append(f"Remediate what may not wait: {listed(blocking)}.")
    if Reason.SCORE_BELOW_THRESHOLD in codes:
        steps.append(
            f"Bring the score from {official.score} to at least {official.min_conditional_score} "
            f"of {official.max_score}."
        )
    if official.posted:
        steps.append(f"Then assess anew; enter Target Reassessment on {key}, so that work has a date.")
    elif official.reevaluation.open:
        last = official.reevaluation.last_day
        until = f" until {last}" if last else ""
        cite = citations.reevaluation(official.level)
        steps.append(f"Additional evidence may be re-evaluated{until} ({cite}).")
    else:
        steps.append("Then record the new findings; this issue follows.")
    last, cite_ = official.appeal.last_day, official.appeal.citation
    if last and official.appeal.timely is None and official.as_of <= last:
        steps.append(f"A finding may be appealed until {last} ({cite_}); then enter Appeal Filed on {key}.")
    return steps


def _counted(things: Sized, noun: str) -> str:
    return f"the {noun}" if len(things) == 1 else f"the {len(things)} {noun}s"
