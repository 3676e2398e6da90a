"""An evaluation as a compact report for people: the status first, then why, then what to do next."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cmmc_jira.core import citations
from cmmc_jira.export.advice import advice, named, points
from cmmc_jira.export.evaluation import placed
from cmmc_jira.export.lines import WIDTH, Line, laid_out
from cmmc_rules.answers import ReasonGiven
from cmmc_rules.records import Evaluation, Item
from cmmc_rules.words import Gate, Level, SprsLabel, Status

MOST_NOTICES = 25
_MARKS = {True: "yes", False: "NO", None: "open"}
_APPEALS = {True: "filed in time", False: "filed too late", None: "none is recorded"}
_GATES = {
    Gate.SCORE_RATIO: "Score",
    Gate.POINT_VALUES: "Point values",
    Gate.NEVER_DEFERRED: "Barred by name",
    Gate.POAM_PRESENT: "POA&M",
    Gate.SSP_PRESENT: "SSP",
    Gate.LEVEL2_PREREQUISITE: "Level 2 first",
    Gate.ALL_MET: "All MET",
}


def report(evaluation: Evaluation, *, width: int = WIDTH) -> str:
    """The report as plain text, its lines no longer than `width` characters (a longer word stands alone)."""
    blocks = (_standing(evaluation), _why(evaluation), _items(evaluation), _next(evaluation), _notices(evaluation))
    return laid_out(blocks, width)


def _standing(evaluation: Evaluation) -> Iterator[Line]:
    yield _headline(evaluation), 2
    posted = f"CMMC Status Date {evaluation.cmmc_status_date}" if evaluation.posted else "not posted"
    yield f"  Level {evaluation.level.value}, {evaluation.path} path, as of {evaluation.as_of}, {posted}", 2
    if not evaluation.posted:
        missing = f"Without a CMMC Status Date there is no status yet and no clock runs ({citations.STATUS_DATE})"
        yield f"  {missing}: what follows would be so if this were posted.", 2
    for text in _clocks(evaluation):
        yield f"  {text}", 4


def _headline(evaluation: Evaluation) -> str:
    status = evaluation.status
    if status is Status.UNDETERMINED:
        count = len(evaluation.not_assessed)
        missing = f"{count} of {len(evaluation.results)} requirements {'is' if count == 1 else 'are'} not assessed"
        return f"Undetermined: {missing}{_bounds(evaluation)}"
    if evaluation.posted:
        shown = f" (SPRS shows: {SprsLabel.NO_SCORE})" if evaluation.sprs_status_type is SprsLabel.NO_SCORE else ""
        return f"{status}{shown}{_score(evaluation)}"
    return f"Would be {'no CMMC Status' if status is Status.NONE else status}{_score(evaluation)}"


def _score(evaluation: Evaluation) -> str:
    if evaluation.level is Level.ONE:
        count = len(evaluation.items)
        return f": {count} of {len(evaluation.results)} requirements NOT MET" if count else ": every requirement MET"
    return ": no score" if evaluation.score is None else f": score {evaluation.score} of {evaluation.max_score}"


def _bounds(evaluation: Evaluation) -> str:
    if evaluation.score_at_worst is None or evaluation.score_at_best is None:
        return ""
    return f"; score {evaluation.score_at_worst} at worst, {evaluation.score_at_best} at best"


def _clocks(evaluation: Evaluation) -> Iterator[str]:
    validity = citations.validity(evaluation.level, evaluation.path)
    retention = citations.retention(evaluation.level, evaluation.path)
    if evaluation.deadline is not None and evaluation.status.conditional:
        left = evaluation.days_remaining
        yield (
            f"Closeout to be posted by {evaluation.deadline}: day {evaluation.day_number}, "
            f"{left} {'day' if left == 1 else 'days'} left ({citations.CLOSEOUT_WINDOW})"
        )
    elif evaluation.deadline is not None and evaluation.status is Status.NONE:
        yield f"The closeout was to be posted by {evaluation.deadline} ({citations.CLOSEOUT_WINDOW})"
    if evaluation.valid_through is not None:
        valid = "Valid" if evaluation.status.final else "Was valid"
        yield f"{valid} through {evaluation.valid_through} ({validity})"
    held = evaluation.status.conditional or evaluation.status.final
    if held and evaluation.next_annual_affirmation_due is not None:
        overdue = "" if evaluation.affirmation_current else ", overdue: the affirmation is not current"
        yield f"Next annual affirmation due {evaluation.next_annual_affirmation_due}{overdue} ({citations.AFFIRMATION})"
    if (appeal := evaluation.appeal).last_day is not None:
        yield f"Last day to appeal {appeal.last_day}: {_APPEALS[appeal.timely]} ({appeal.citation})"
    if evaluation.retain_through is not None:
        hashed = ", hashed" if evaluation.hashing_required else ""
        yield f"Keep the assessment's artifacts through {evaluation.retain_through}{hashed} ({retention})"


def _why(evaluation: Evaluation) -> Iterator[Line]:
    yield "WHY", 2
    if evaluation.status.final:
        yield f"  Every requirement is MET or N/A{', the last ones by the closeout' if evaluation.items else ''}", 2
    for code, given in groupby(evaluation.reasons, key=lambda reason: reason.code):
        group = list(given)
        if len(group) == 1:
            yield f"  {code}: {_ended(group[0].because)} ({group[0].citation})", 6
        else:
            ids = named([reason.requirement for reason in group if reason.requirement])
            yield f"  {code} ({len(group)}): {ids} ({_cited(group)})", 6
    if evaluation.status.final:
        return
    goal = "Final" if evaluation.level is Level.ONE else "Conditional"
    yield f"  What a {goal} status asks for, and whether it holds:", 2
    for answer in evaluation.gates:
        yield f"    {_MARKS[answer.held]:<6}{_GATES[answer.gate]:<16}{_ended(answer.because)} ({answer.citation})", 26


def _ended(text: str) -> str:
    """The text without its full stop, so that a citation can follow in brackets."""
    return text.strip().removesuffix(".")


def _cited(group: Sequence[ReasonGiven]) -> str:
    return "; ".join(dict.fromkeys(reason.citation for reason in group))


def _items(evaluation: Evaluation) -> Iterator[Line]:
    items = sorted(evaluation.items, key=lambda item: (item.poam_eligible, item.citation))  # else as in the catalogue
    if not items:
        return
    since = " in the initial assessment, MET since" if evaluation.status.final else ""
    yield f"NOT MET{since}: {len(items)} of {len(evaluation.results)} requirements", 2
    wide = max(len(item.requirement) for item in items) + 2
    for (eligible, citation), group in groupby(items, key=lambda item: (item.poam_eligible, item.citation)):
        yield f"  {'May' if eligible else 'May NOT'} be on a POA&M ({citation})", 4
        for item in group:
            worth = f"{points(item.points):<10}" if item.points is not None else ""
            yield f"    {item.requirement:<{wide}}{worth}{item.name}{_detail(item)}", 4 + wide + len(worth)


def _detail(item: Item) -> str:
    letters = ", ".join(item.objectives_not_met)
    parts = [f"objectives {letters}" if letters else "", item.variant.replace("_", " ") if item.variant else ""]
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _next(evaluation: Evaluation) -> Iterator[Line]:
    steps = list(advice(evaluation))
    if evaluation.notices:
        steps.insert(0, f"Check the remarks below ({len(evaluation.notices)}): they may change the outcome.")
    if steps:
        yield "NEXT", 2
    for number, step in enumerate(steps, start=1):
        yield f"  {number}. {step}", 5


def _notices(evaluation: Evaluation) -> Iterator[Line]:
    if not evaluation.notices:
        return
    yield "REMARKS", 2
    for notice in evaluation.notices[:MOST_NOTICES]:
        yield f"  - {placed(notice)}", 4
    if (more := len(evaluation.notices) - MOST_NOTICES) > 0:
        yield f"  - and {more} more: --json lists them all", 4
