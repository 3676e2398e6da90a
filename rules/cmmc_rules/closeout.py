"""A closeout assessment judged: whether it counts, whether it came in time, and which items it left open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cmmc_rules import keys
from cmmc_rules.answers import Notice, ReasonGiven
from cmmc_rules.gates import Facts
from cmmc_rules.records import Closeout
from cmmc_rules.words import Reason, Result


@dataclass(frozen=True, slots=True)
class Judged:
    """A closeout that counts: posted by the right assessor. `open_items` are POA&M items that it leaves NOT MET."""

    posted: date
    late: bool
    open_items: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether it closes the POA&M: in time and with every item MET."""
        return not self.late and not self.open_items


def deadline(facts: Facts, status_date: date) -> date:
    """The last day on which a Conditional status of that date lives and its closeout can be posted."""
    return status_date + timedelta(days=facts.edition[keys.CLOSEOUT_DAYS].value)


def judge(facts: Facts, status_date: date) -> tuple[Judged | None, tuple[ReasonGiven, ...]]:
    """The closeout if one has been posted that counts, and the reasons that it gives.

    Posted after the day evaluated for, or before the status it is to close, it has not happened.
    """
    closeout, day = facts.assessment.closeout, facts.assessment.dates.closeout_posted
    if closeout is None or day is None or not status_date <= day <= facts.assessment.dates.as_of:
        return None, ()
    if (invalid := _wrong_assessor(facts, closeout)) is not None:
        return None, (invalid,)
    last_day = deadline(facts, status_date)
    items = [outcome.requirement.id for outcome in facts.with_result(Result.NOT_MET)]
    met = {name for name, result in closeout.results.items() if result in {Result.MET, Result.NA}}
    judged = Judged(posted=day, late=day > last_day, open_items=tuple(name for name in items if name not in met))
    reasons = [_open(facts, closeout, name) for name in judged.open_items]
    if judged.late:
        reasons.append(_late(facts, day, last_day))
    return judged, tuple(reasons)


def affirmation_required(facts: Facts, judged: Judged | None) -> bool:
    """Whether a complete closeout still wants its affirmation; one dated before the posting is not of this closeout."""
    if judged is None or not judged.complete:
        return False
    affirmed = facts.assessment.dates.closeout_affirmed_on
    return affirmed is None or not judged.posted <= affirmed <= facts.assessment.dates.as_of


def notices(facts: Facts, status_date: date | None, judged: Judged | None, *, conditional: bool) -> Iterator[Notice]:
    """What a person should know of a closeout and has no code; `conditional`: there was a status to close out."""
    closeout, day = facts.assessment.closeout, facts.assessment.dates.closeout_posted
    if day is None or status_date is None or day > facts.assessment.dates.as_of:
        return
    cite = facts.edition[keys.CLOSEOUT_COVERS].cite
    because = ""
    if closeout is None:
        because = "no results are recorded for it"
    elif not conditional:
        because = "there was no Conditional status to close out"
    elif day < status_date:
        because = f"the status that it would close out dates from {status_date}"
    if because:
        yield Notice("CLOSEOUT_WITHOUT_EFFECT", f"The closeout posted on {day} changes nothing: {because}", None, cite)
    if closeout is None or judged is None:
        return
    items = {outcome.requirement.id for outcome in facts.with_result(Result.NOT_MET)}
    for name in sorted(name for name, result in closeout.results.items() if result is Result.NOT_MET):
        if name not in items:
            because = (
                f"{name} was no POA&M item, so that it is NOT MET now stays outside the closeout; "
                "the Affirming Official, who affirms every requirement, must know of it"
            )
            yield Notice("GAP_OUTSIDE_CLOSEOUT", because, name, cite)


def _wrong_assessor(facts: Facts, closeout: Closeout) -> ReasonGiven | None:
    path = keys.PATHS[facts.assessment.level, facts.assessment.path].closeout
    if path is None or closeout.by is facts.edition[path.by].value:
        return None
    needed = facts.edition[path.by]
    because = f"Only {needed.value} closes this out; the closeout by {closeout.by or 'nobody named'} counts as none"
    return ReasonGiven(Reason.CLOSEOUT_ASSESSOR_INVALID, None, needed.cite, because)


def _open(facts: Facts, closeout: Closeout, name: str) -> ReasonGiven:
    said = closeout.results.get(name)
    because = f"The closeout leaves {name} {said}" if said else f"The closeout does not name {name}, so it is NOT MET"
    return ReasonGiven(Reason.CLOSEOUT_ITEM_NOT_MET, name, facts.edition[keys.CLOSEOUT_COVERS].cite, because)


def _late(facts: Facts, day: date, last_day: date) -> ReasonGiven:
    path = keys.PATHS[facts.assessment.level, facts.assessment.path].closeout
    cite = facts.edition[path.window].cite if path else facts.edition[keys.CLOSEOUT_DAYS].cite
    because = f"The closeout was posted on {day}; the last day was {last_day}"
    return ReasonGiven(Reason.CLOSEOUT_NOT_POSTED_BY_DEADLINE, None, cite, because)
