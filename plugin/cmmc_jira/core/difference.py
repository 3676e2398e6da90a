"""The difference between one issue as it should be and as Jira holds it. People win."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from cmmc_jira.core.burndown import PICTURES
from cmmc_jira.core.changes import Attach, Change, Comment, Create, Discard, Link, SetFields, Transition
from cmmc_jira.core.drift import untied
from cmmc_jira.core.fields import DESCRIPTION, PRIORITY
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, STATUS_SUBJECT, digest
from cmmc_jira.core.issues import Actual, Category, Kind, Wanted
from cmmc_jira.core.text import NOTES_LINE, TEXT_LIMIT, cut, reference, render
from cmmc_jira.core.world import World

FACTS: Final = ("CMMC Requirement", "CMMC Points", "POA&M Eligible", "POA&M Basis", "Objectives Not Met")
BY_FINDINGS: Final = ("file/", "findings")
_LOOKING_BACK: Final = "Found above this line, where it would have been overwritten:"
_REMEMBERED: Final = 300


def created(issue: Wanted, world: World) -> Create:
    """Return what creates an issue that is not there."""
    lost = issue.subject in (world.assessment.memory.get("issues") or {})
    others = (ASSESSMENT_SUBJECT, STATUS_SUBJECT) if issue.kind is Kind.REMEDIATION else (ASSESSMENT_SUBJECT,)
    return Create(
        subject=issue.subject,
        kind=issue.kind,
        fields={**issue.facts, **issue.suggestions, DESCRIPTION: cut(issue.description, TEXT_LIMIT)},
        labels=tuple(sorted(issue.labels)),
        links=others,
        memory=_memory(issue, {"assessment": world.assessment.id, "subject": issue.subject}, set_=issue.suggestions),
        why=f"{issue.why}; the issue it had was deleted, or is hidden from us" if lost else issue.why,
    )


def _memory(issue: Wanted, before: Mapping[str, Any], *, set_: Mapping[str, str]) -> dict[str, Any]:
    """Return what to remember of an issue once it is as it should be."""
    memory = {**before, "set": dict(set_), "sent": digest(issue.stable or issue.description)}
    memory.pop("closed", None)
    memory.pop("keep", None)
    if issue.keep:
        memory["keep"] = dict(issue.keep)
    return {**memory, "facts": issue.recorded} if issue.recorded else memory


def updated(issue: Wanted, actual: Actual, world: World) -> Iterator[Change]:
    """Yield what makes an issue what it should be; what we remember of it comes with the last change."""
    after: dict[str, str | None] = {}
    if issue.kind is Kind.REMEDIATION:
        after |= {name: issue.facts.get(name) for name in FACTS if actual.fields.get(name) != issue.facts.get(name)}
    suggested, set_ = _suggestions(issue, actual, _priority_given(world, actual))
    after |= suggested
    replaced = issue.kind is Kind.STATUS and world.rewritten is not None
    if replaced or actual.memory.get("sent") != digest(issue.stable or issue.description):
        after[DESCRIPTION] = _composed(issue, actual, world)
    comments, said = _spoken(issue, actual)
    yield from comments
    yield from _pictured(issue, actual, world.myself)
    if actual.memory.get("closed") and actual.category is Category.DONE:
        yield Transition(actual.subject, Category.NEW, issue.why)
    yield from untied(actual, world)
    marks = issue.marks - set(actual.memory.get("labels") or ())
    memory = _memory(issue, actual.memory, set_=set_)
    if issue.recorded and DESCRIPTION not in after:
        memory["facts"] = actual.memory.get("facts", {})
    if said:
        memory["said"] = said
    if marks:
        memory["labels"] = sorted({*marks, *(actual.memory.get("labels") or ())})
    added = (marks | issue.labels) - actual.labels
    if after or added or memory != dict(actual.memory):
        before = {name: actual.fields.get(name) for name in after if name != DESCRIPTION}
        yield SetFields(actual.subject, before, after, memory, issue.why, tuple(sorted(added)))


def _spoken(issue: Wanted, actual: Actual) -> tuple[list[Comment], list[str]]:
    """Return what is to be said on an issue, and the names of all that was then said; the oldest are forgotten."""
    said = list(actual.memory.get("said") or ())
    comments = []
    reopened = actual.memory.get("closed")
    if reopened:
        body = render("reopened", {"because": f"{issue.why} again."})
        comments.append(Comment(actual.subject, f"reopened/{reopened}/{len(said)}", body, issue.why))
        said.append(comments[0].identity)
    for new in issue.says:
        if new.identity not in said:
            comments.append(Comment(actual.subject, new.identity, new.body, new.why))
            said += [new.identity, *(name for name in new.also if name not in said)]
    return comments, said[-_REMEMBERED:]


def _pictured(issue: Wanted, actual: Actual, myself: str) -> Iterable[Change]:
    """Return what makes the issue's picture the only one of ours: a name says what a picture shows.

    Only what we ourselves attached is deleted: of another account's, an earlier one of ours included, Jira may refuse.
    """
    if issue.picture is None:
        return
    pictures = [file for file in actual.attachments if PICTURES.fullmatch(file.name)]
    wanted = issue.picture.file_name()
    if all(file.name != wanted for file in pictures):
        yield Attach(actual.subject, wanted, issue.picture, "what the burndown shows changed")
    kept = max((file.id for file in pictures if file.name == wanted), key=int, default=None)
    for file in pictures:
        if file.id != kept and file.author == myself:
            yield Discard(actual.subject, file.id, file.name, "a newer picture stands in its place")


def _priority_given(world: World, actual: Actual) -> str | None:
    """Return the priority that Jira itself gave an issue of ours when it was created."""
    row: Sequence[str] = (world.assessment.memory.get("issues") or {}).get(actual.subject) or ()
    return row[3] or None if row[3:] else None


def _suggestions(issue: Wanted, actual: Actual, priority: str | None) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return the values to set, and all that we have set; what a person changed since we set it stays theirs.

    The `priority` that Jira gave by itself is nobody's choice.
    """
    last: Mapping[str, str] = {**({PRIORITY: priority} if priority else {}), **(actual.memory.get("set") or {})}
    set_ = dict(actual.memory.get("set") or {})
    after: dict[str, str | None] = {}
    for name, value in issue.suggestions.items():
        current = actual.fields.get(name)
        if current != value and current == last.get(name):
            after[name] = value
            set_[name] = value
    return after, set_


def _composed(issue: Wanted, actual: Actual, world: World) -> str:
    """Return our block and below it whatever a person wrote; nothing that somebody typed is lost."""
    if issue.kind is Kind.STATUS:
        return cut(issue.description, TEXT_LIMIT)
    current = actual.fields.get(DESCRIPTION, "")
    block, line, kept = current.partition(NOTES_LINE)
    read = _read_digest(world, actual)
    edited = read is not None and digest(block) != read
    if edited or (not line and current):
        theirs = block if line else current
        kept = f"{kept.rstrip()}\n\n{_LOOKING_BACK}\n\n{theirs.rstrip(' -' + chr(10))}\n"
    whole = issue.description.rstrip() + ("\n" + kept.rstrip() + "\n" if kept.strip() else "\n")
    return whole if len(whole) <= TEXT_LIMIT else current


def _read_digest(world: World, actual: Actual) -> str | None:
    row: Sequence[str] = (world.assessment.memory.get("issues") or {}).get(actual.subject) or ()
    match row:
        case [_, read, sent, *_] if sent == actual.memory.get("sent"):
            return str(read)
    return None


def closed(issue: Wanted, actual: Actual) -> Iterator[Change]:
    """Yield what closes an issue that is no longer asked for, with its reason."""
    before = actual.memory.get("closed")
    if before == issue.closed or (before and issue.closed and issue.closed.startswith(BY_FINDINGS)):
        return  # a newer file that still says so is no news
    said = list(actual.memory.get("said") or ())
    earlier = sum(identity.startswith(f"closed/{issue.closed}") for identity in said)
    identity = f"closed/{issue.closed}" + (f"/{earlier + 1}" if earlier else "")
    yield Comment(actual.subject, identity, render("closed", {"because": issue.because}), issue.because)
    if actual.category is not Category.DONE:
        yield Transition(actual.subject, Category.DONE, issue.because)
    memory = {**actual.memory, "closed": issue.closed, "said": [*said, identity]}
    yield SetFields(actual.subject, {}, {}, memory, issue.because)


def closed_double(double: Actual, kept: Actual) -> Iterator[Change]:
    """Yield what closes an issue whose identity another one has, which is kept: the older, or the one known now."""
    if double.memory.get("closed"):
        return
    subject, why = f"double/{double.id}", f"another issue already stands for {double.subject}"
    older = int(kept.id) < int(double.id)
    body = render("double", {"kept": reference(double.subject), "subject": double.subject, "older": older})
    yield Comment(subject, f"double/{double.id}", body, why)
    yield Link(subject, double.subject, "Duplicate", why)
    if double.category is not Category.DONE:
        yield Transition(subject, Category.DONE, why)
    yield SetFields(subject, {}, {}, {**double.memory, "closed": "double"}, why)
