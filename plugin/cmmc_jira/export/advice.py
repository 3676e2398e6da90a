"""What to do next about an evaluation, the first thing first, for a person who has no Jira at hand."""

from collections.abc import Iterator, Sequence

from cmmc_jira.core import citations
from cmmc_rules.records import Evaluation
from cmmc_rules.words import Level, Path, Reason, Status

MOST_NAMED = 6
_CLOSEOUT = {
    Path.SELF: ("make the closeout self-assessment and enter it in SPRS", citations.CLOSEOUT_SELF),
    Path.C3PAO: ("have a C3PAO make the closeout assessment and post it to eMASS", citations.CLOSEOUT_C3PAO),
    Path.DIBCAC: ("have DCMA DIBCAC make the closeout assessment", citations.CLOSEOUT_DIBCAC),
}
_POSTING = {
    Path.SELF: "Enter the result in SPRS",
    Path.C3PAO: "Have the C3PAO post the result to eMASS",
    Path.DIBCAC: "Have DCMA DIBCAC post the result",
}
_ENDED = {Reason.CONDITIONAL_EXPIRED, Reason.STATUS_EXPIRED, Reason.CONDITIONAL_TERMINATED_BY_FAILED_CLOSEOUT}


def advice(evaluation: Evaluation) -> Sequence[str]:
    """The next steps as sentences, in the order in which to take them."""
    return tuple(_steps(evaluation))


def named(ids: Sequence[str]) -> str:
    """The ids in one line: all of them while they are few, otherwise the first ones and how many more."""
    if len(ids) <= MOST_NAMED:
        return ", ".join(ids)
    return f"{', '.join(ids[:MOST_NAMED])} and {len(ids) - MOST_NAMED} more"


def _steps(evaluation: Evaluation) -> Iterator[str]:
    codes = {given.code for given in evaluation.reasons}
    yield from _first(evaluation, codes)
    if evaluation.status is Status.UNDETERMINED:
        count = len(evaluation.not_assessed)
        yield f"Assess what no finding names ({count}): {named(evaluation.not_assessed)}. Silence is never MET."
    elif evaluation.status is Status.NONE:
        yield from _without(evaluation, codes)
    elif evaluation.posted:
        yield from _holding(evaluation, codes)
    elif Reason.SCOPE_CHANGED_NEW_ASSESSMENT_REQUIRED not in codes:
        yield from _earned(evaluation)
    yield from _windows(evaluation)


def _first(evaluation: Evaluation, codes: set[Reason]) -> Iterator[str]:
    if Reason.SCOPE_CHANGED_NEW_ASSESSMENT_REQUIRED in codes:
        yield "Plan a new assessment: the scope is not the one that was assessed."
    held = evaluation.status.conditional or evaluation.status.final
    if held and Reason.ANNUAL_AFFIRMATION_OVERDUE in codes:
        yield (
            f"Have the affirming official affirm in SPRS now: no affirmation is recorded that covers "
            f"{evaluation.next_annual_affirmation_due} ({citations.AFFIRMATION})."
        )
    variants = [given.requirement for given in evaluation.reasons if given.code is Reason.VARIANT_UNDETERMINED]
    if ids := [requirement for requirement in variants if requirement]:
        yield f"Say which variant holds for {named(ids)}: until then it counts in full and may not be deferred."


def _without(evaluation: Evaluation, codes: set[Reason]) -> Iterator[str]:
    if ended := codes & _ENDED:
        expired = "has expired" if Reason.CONDITIONAL_TERMINATED_BY_FAILED_CLOSEOUT not in ended else "has ended"
        yield f"Tell the affirming official and the contracting people that the status {expired}."
        if evaluation.valid_through:
            yield f"Plan a new assessment and post its result: this status was good through {evaluation.valid_through}."
        else:
            yield f"Plan a new assessment: no later closeout revives a status that ended ({citations.NEW_ASSESSMENT})."
        return
    if Reason.L3_PREREQUISITE_MISSING in codes:
        yield "Hold a Final Level 2 (C3PAO) status on this scope before the Level 3 assessment."
    if Reason.SSP_ABSENT in codes:
        yield "Complete the system security plan first: without it nothing can be scored."
    unscored = evaluation.level is Level.ONE  # where points are given, only the SSP has none, and it was named above
    blocking = [each.requirement for each in evaluation.items if not each.poam_eligible and (unscored or each.points)]
    if blocking:
        yield f"Remediate what may not be deferred ({len(blocking)}): {named(blocking)}."
    score, least = evaluation.score, evaluation.min_conditional_score
    if Reason.SCORE_BELOW_THRESHOLD in codes and score is not None and least is not None:
        yield f"Raise the score by {points(least - score)} or more, from {score} to at least {least}."
    missing = {given.requirement for given in evaluation.reasons if given.code is Reason.NO_POAM_FOR_NOT_MET}
    if ids := [item.requirement for item in evaluation.items if item.poam_eligible and item.requirement in missing]:
        yield f"Put on the POA&M, or remediate ({len(ids)}): {named(ids)}."
    if evaluation.posted:
        yield "Then assess anew and post the new result: findings change by a recorded decision only."
    else:
        yield "Then assess these requirements again, and only then post the result."


def _earned(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.status.conditional:
        yield f"Check that the POA&M names every NOT MET requirement ({len(evaluation.items)})."
    yield f"{_POSTING[evaluation.path]}; the affirming official then affirms in SPRS ({citations.AFFIRMATION})."
    clock = ": the closeout clock counts from it" if evaluation.status.conditional else ""
    yield f"Give the day of posting as the CMMC Status Date{clock} ({citations.STATUS_DATE})."


def _holding(evaluation: Evaluation, codes: set[Reason]) -> Iterator[str]:
    if evaluation.status.conditional:
        doing, cite = _CLOSEOUT[evaluation.path]
        if Reason.CLOSEOUT_ITEM_NOT_MET in codes:
            failed = [given.requirement for given in evaluation.reasons if given.code is Reason.CLOSEOUT_ITEM_NOT_MET]
            yield f"Remediate what the closeout left open: {named([each for each in failed if each])}."
        else:
            yield f"Remediate the {_counted(len(evaluation.items), 'item')} on the POA&M."
        yield f"Then {doing} ({cite}): it must be posted by {evaluation.deadline} ({citations.CLOSEOUT_WINDOW})."
        return
    if evaluation.closeout_affirmation_required:
        yield f"Have the affirming official affirm the closeout in SPRS ({citations.AFFIRMATION})."
    if Reason.ANNUAL_AFFIRMATION_OVERDUE not in codes and evaluation.next_annual_affirmation_due:
        yield f"Affirm by {evaluation.next_annual_affirmation_due} ({citations.AFFIRMATION})."
    if evaluation.valid_through:
        yield f"Have the next assessment posted by {evaluation.valid_through}, when this status ends."


def _windows(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.reevaluation.open and evaluation.items:
        cite = citations.reevaluation(evaluation.level)
        until = f" until {evaluation.reevaluation.last_day}" if evaluation.reevaluation.last_day else ""
        yield (
            f"NOT MET requirements may still be re-evaluated{until}, if additional evidence is available that leaves "
            f"the other results as they are and the Findings Report is not delivered ({cite})."
        )


def points(number: int | None) -> str:
    """Points in words; None is a requirement without a value."""
    return "no points" if number is None else _counted(number, "point")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
