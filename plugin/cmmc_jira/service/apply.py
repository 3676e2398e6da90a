"""Do: carry a plan out, so that a run that dies anywhere can be repeated.

A create is claimed on the assessment issue before it is made and settled there after it; what is said carries its
identity in its last line and is looked for before it is said; a picture's name says what it shows, and it is attached
only where it is not. A superseded picture is deleted last, when nothing refers to it any more. Everything else is safe
to repeat as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, Final

from cmmc_jira.core.changes import Attach, Comment, Create, Discard, Link, Remember, SetFields, Transition
from cmmc_jira.core.fields import DESCRIPTION, Fields
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, PROPERTY, STATUS_SUBJECT
from cmmc_jira.core.mapping import Tie
from cmmc_jira.core.plan import Plan, remembered
from cmmc_jira.core.reading import read_issue
from cmmc_jira.core.text import TEXT_LIMIT, cut, resolve
from cmmc_jira.core.world import World
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.export.burndown import draw
from cmmc_jira.service.look import SETTLE_SECONDS
from cmmc_jira.service.newcomer import new_issue, with_people
from cmmc_jira.service.ports import Clock, Created, Jira, Json

_PICTURES: Final = (Attach, Discard)
_drawn = lru_cache(maxsize=8)(draw)  # a run that died and is repeated shows the same
Fence = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What a plan came to: created issues' keys by subject, what Jira refused, in sentences, and our issues' ids."""

    created: Mapping[str, str]
    refused: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    """One plan being carried out: where each subject's issue is."""

    plan: Plan
    world: World
    fields: Fields
    jira: Jira
    clock: Clock
    fence: Fence
    ids: dict[str, str]
    keys: dict[str, str]
    created: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)


def apply(plan: Plan, world: World, *, jira: Jira, fields: Fields, clock: Clock, fence: Fence) -> Done:
    """Carry a plan out and return what came of it; `fence` is asked before each write and raises when it was lost.

    Raises:
        JiraRefused: the mapping names a person who is none; nothing was done.
        JiraUnavailable: Jira went away in the middle; the next look sees what was done and plans the rest.
        LeaseLost: another worker has the assessment.

    """
    ids = {ASSESSMENT_SUBJECT: world.assessment.id}
    keys = {ASSESSMENT_SUBJECT: world.assessment.key}
    for subject, issue in world.issues.items():
        ids[subject], keys[subject] = issue.id, issue.key
    for double in world.doubles:
        ids[f"double/{double.id}"] = double.id
    if plan.of(Create) or plan.of(Transition):
        fields = with_people(fields, world.assessment.project, jira)
    run = _Run(plan, world, fields, jira, clock, fence, ids, keys)
    for change in plan.of(Remember):
        if change.key != PROPERTY:
            _write(run, partial(jira.set_property, world.assessment.id, change.key, change.value))
    _create(run)
    _each(run, Link, _link)
    _each(run, Transition, _transition)
    _each(run, Attach, _attach)
    _each(run, Comment, _comment)
    _each(run, SetFields, _set_fields)
    _each(run, Discard, _discard)
    _settle(run)
    return Done(run.created, tuple(run.refused), (*run.ids.values(), *(issue.id for issue in world.finding_issues)))


def _write(run: _Run, call: Callable[[], object]) -> None:
    run.fence()
    call()


def _each(run: _Run, kind: type[Any], act: Callable[[_Run, Any], None]) -> None:
    """Carry out each change of a kind; what Jira refuses is kept as a sentence, and other issues still get theirs.

    What we remember of an issue is written only when all before it was done: a run that dies in between, or is
    refused, is planned again. A picture or a tie that is refused holds nothing up: whether it is there is seen in Jira.
    """
    for change in run.plan.of(kind):
        if change.subject not in run.ids or change.subject in run.failed:
            continue
        try:
            act(run, change)
        except JiraRefused as refusal:
            if kind not in _PICTURES and not (isinstance(change, Link) and change.type == run.world.tie):
                run.failed.add(change.subject)
            run.refused.append(f"{run.keys.get(change.subject, change.subject)}: {refusal}")


def _create(run: _Run) -> None:
    creates: Sequence[Create] = run.plan.of(Create)
    if not creates:
        return
    claims = sorted(change.subject for change in creates)
    assessment, at = run.world.assessment, run.clock.now().isoformat()
    claim = {**assessment.memory, "assessment": assessment.id, "claims": claims, "claimed": at}
    _write(run, partial(run.jira.set_property, assessment.id, PROPERTY, claim))
    for batch in (
        [change for change in creates if change.subject != STATUS_SUBJECT],
        [change for change in creates if change.subject == STATUS_SUBJECT],
    ):
        if not batch or (run.refused and not run.created):
            continue  # a project that takes none of the first takes no status issue either: nothing is half done
        run.fence()
        made = _made(run, batch)
        for change, issue in zip(batch, made, strict=True):
            if issue.id and issue.key:
                run.ids[change.subject], run.keys[change.subject] = issue.id, issue.key
                run.created[change.subject] = issue.key
            else:
                run.refused.append(f"{change.subject}: {issue.refused}")


def _made(run: _Run, batch: Sequence[Create]) -> Sequence[Created]:
    """Create a batch; when Jira surely made nothing of the last call, the claims are given back at once.

    What an earlier call of the batch made is linked to the assessment issue, and found there. An issue that names its
    parent instead is found through the index alone, so its claim stays until that is sure to know.
    """
    try:
        return run.jira.create([new_issue(change, run.world, run.keys, fields=run.fields) for change in batch])
    except JiraUnavailable as away:
        if not away.ambiguous and run.fields.mapping.tie is Tie.LINK:
            with suppress(JiraUnavailable):
                _settle(run)
        raise


def _set_fields(run: _Run, change: SetFields) -> None:
    id_ = run.ids[change.subject]
    if not change.after and not change.labels:
        _write(run, partial(run.jira.set_property, id_, PROPERTY, change.memory))
        return
    labels = {"labels": [{"add": label} for label in change.labels]} if change.labels else None
    after = dict(change.after)
    text = after.get(DESCRIPTION)
    if text is not None:
        after[DESCRIPTION] = cut(resolve(text, run.keys), TEXT_LIMIT)
    fields, remembered_ = run.fields.write(after), {PROPERTY: change.memory}
    _write(run, partial(run.jira.edit, id_, fields=fields, update=labels, properties=remembered_))


def _transition(run: _Run, change: Transition) -> None:
    doubles = {f"double/{double.id}": double for double in run.world.doubles}
    issue = doubles.get(change.subject) or run.world.issues[change.subject]
    way = run.fields.way(issue.kind, change.category)
    _write(run, partial(run.jira.transition, run.ids[change.subject], change.category.value, way))


def _attach(run: _Run, change: Attach) -> None:
    _write(run, partial(run.jira.attach, run.ids[change.subject], change.name, _drawn(change.picture), "image/png"))


def _discard(run: _Run, change: Discard) -> None:
    _write(run, partial(run.jira.discard, change.attachment))


def _link(run: _Run, change: Link) -> None:
    _write(run, partial(run.jira.link, change.type, run.ids[change.subject], run.ids[change.to]))


def _comment(run: _Run, change: Comment) -> None:
    """Say something once: its identity is its last line, and is looked for among the comments that are there."""
    footer = f"cmmc-jira: {change.identity}"
    id_ = run.ids[change.subject]
    last_line = re.compile(rf"(?:^|\}}){re.escape(footer)}(?:\{{color\}})?\s*\Z", re.MULTILINE)
    if any(
        last_line.search(text) for text in _own_texts(run.jira.comments(id_), run.jira.myself(), run.fields.user_key)
    ):
        return
    body = resolve(f"{change.body.rstrip()}\n\n{{color:#6b778c}}{footer}{{color}}\n", run.keys)
    try:
        _write(run, partial(run.jira.comment, id_, body))
    except JiraUnavailable as away:
        if not away.ambiguous:
            raise
        scope = run.world.assessment.id  # it may still be said: the next look is after that
        raise JiraUnavailable(str(away), retry_after=SETTLE_SECONDS, scope=scope, ambiguous=True) from None


def _own_texts(comments: Sequence[Json], myself: Json, user_key: str) -> Iterator[str]:
    """Yield the texts of our own account's comments: another's may bear the name of a notice that was never said."""
    for comment in comments:
        if (comment.get("author") or {}).get(user_key) == myself.get(user_key):
            yield str(comment.get("body") or "")


def _settle(run: _Run) -> None:
    """Note on the assessment issue which issues are ours and how Jira shows what we wrote, and drop the claims."""
    planned = [change for change in run.plan.of(Remember) if change.key == PROPERTY]
    if not planned and not run.plan.of(Create):
        return
    value = dict(planned[0].value) if planned else {**remembered(run.world), **run.world.assessment.memory}
    said = value.get("said") or run.world.assessment.memory.get("said")
    if run.created:
        new = [run.ids[subject] for subject in run.created]
        raws = run.jira.issues(sorted(new, key=int), run.fields.all_ids())
        read = [issue for raw in raws if (issue := read_issue(raw, run.fields))]
        issues = {**run.world.issues, **{issue.subject: issue for issue in read}}
        world = replace(run.world, issues=issues)
        value = {**value, "issues": {**remembered(world)["issues"], **value["issues"]}}
    if said:
        value["said"] = said
    _write(run, partial(run.jira.set_property, run.world.assessment.id, PROPERTY, value))
