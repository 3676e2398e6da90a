"""What must be so when a history has come to rest, whatever happened in it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from cmmc_rules.evaluate import evaluate
from cmmc_rules.records import Assessment, Dates, Evaluation, Finding
from cmmc_rules.words import Level, Path, Result
from simulation.node import LAW
from simulation.people import NOTE
from simulation.world import World

STATUS: Final = "status"
_DOUBLE: Final = "is the older one and stays"
_IDENTITY: Final = re.compile(r"cmmc-jira: (\S+?)(?:\{color\})?\s*\Z")


def untruths(world: World) -> list[str]:
    """Return what is not as it must be, in sentences; nothing where all is well."""
    return [*_one_of_each(world), *_said_once(world), *_kept(world), *_facts(world), *quiet(world)]


def _memories(world: World) -> Iterator[tuple[str, str]]:
    """Yield the id and the subject of every issue that the service made."""
    for id_ in world.people.ours():
        yield id_, str(world.state.issues[id_].properties["cmmc-jira"]["subject"])


def _one_of_each(world: World) -> Iterator[str]:
    """Yield what was made twice; a write of a frozen process may make a double, which then is closed with a link."""
    doubles = {id_ for id_, _ in _memories(world) if world.frozen and _is_closed_double(world, id_)}
    counted = Counter(subject for id_, subject in _memories(world) if id_ not in doubles)
    yield from (f"{count} issues were made for {subject}" for subject, count in counted.items() if count > 1)
    if counted[STATUS] != 1:
        yield f"there are {counted[STATUS]} status issues"


def _is_closed_double(world: World, id_: str) -> bool:
    issue = world.state.issues[id_]
    done = world.state.statuses[issue.status].category == "done"
    return done and any(_DOUBLE in comment.body for comment in issue.comments)


def _said_once(world: World) -> Iterator[str]:
    for issue in world.state.issues.values() if not world.frozen else ():
        said = Counter(
            match[1]
            for comment in issue.comments
            if comment.author == world.state.service and (match := _IDENTITY.search(comment.body))
        )
        yield from (f"{issue.key}: {name} was said {count} times" for name, count in said.items() if count > 1)


def _kept(world: World) -> Iterator[str]:
    """Yield what a person set and somebody changed."""
    issues, did = world.state.issues, world.people.did
    for (id_, name), value in did.kept.items():
        if id_ in issues and (held := _written(world, id_, name)) != value:
            yield f"{issues[id_].key}: a person set {name} to {value}, and it is {held}"
    for id_, label in did.labels:
        if id_ in issues and label not in (issues[id_].values.get("labels") or ()):
            yield f"{issues[id_].key}: a person's label {label} is gone"
    for id_ in did.notes:
        if id_ in issues and NOTE not in str(issues[id_].values.get("description")):
            yield f"{issues[id_].key}: what a person wrote below the line is gone"


def _written(world: World, id_: str, name: str) -> str:
    """Return a native field's value as people named it."""
    value: Any = world.site.read(id_)["fields"][name]
    if name == "assignee":
        return str(value and value["accountId"])
    return str(value["name"] if name == "priority" else value)


def _facts(world: World) -> Iterator[str]:
    """Yield where Jira does not say what the law says of the findings as recorded; decided by the law alone."""
    did, today = world.people.did, world.site.clock.today()
    values = world.site.values(world.assessment)
    posted = date.fromisoformat(values["CMMC Status Date"]) if "CMMC Status Date" in values else None
    record = world.state.issues[world.assessment].properties.get("cmmc-jira-findings") or {}
    if posted and did.files and not record.get("findings"):
        yield "a CMMC Status Date is entered, and the findings are not frozen"
    rows = (record.get("findings") or {}).items()
    not_met = frozenset(requirement for requirement, each in rows if any(row[0] == "N" for row in each))
    if record.get("findings"):
        first = max((did.dated_at or 0) - 1, 0)
        if not_met not in did.files[first:]:
            yield f"what is frozen, {sorted(not_met)}, was in no file since the date was entered"
    elif did.files:
        not_met = did.files[-1]
    if not did.files or did.decided:
        return
    yield from _says(world, _evaluated(not_met, posted, today))


def _evaluated(not_met: frozenset[str], posted: date | None, today: date) -> Evaluation:
    findings = tuple(Finding(requirement, Result.NOT_MET) for requirement in sorted(not_met))
    dates = Dates(as_of=today, cmmc_status_date=posted)
    return evaluate(Assessment(Level.TWO, Path.SELF, findings, dates, unlisted=Result.MET), LAW)


def _says(world: World, official: Evaluation) -> Iterator[str]:
    issues = {subject: id_ for id_, subject in _memories(world)}
    text = world.state.issues[issues[STATUS]].values.get("description") if STATUS in issues else ""
    first = str(text).partition("\n")[0]
    wanted = str(official.status) if official.posted or official.status.conditional else "no CMMC status"
    if wanted not in first or f"{official.score} of 110" not in first:
        yield f"the status issue begins with {first!r}, and the law says {official.status}, {official.score}"
    for item in official.items:
        id_ = issues.get(item.requirement)
        if id_ is None:
            yield f"{item.requirement} is NOT MET and has no issue"
            continue
        held = world.site.values(id_)
        shown = (held.get("CMMC Points"), held.get("POA&M Eligible"))
        lawful = (str(item.points), "Yes" if item.poam_eligible else "No")
        if shown != lawful:
            yield f"{item.requirement} shows {shown}, and the law says {lawful}"
    due = {item.requirement for item in official.items}
    for subject, id_ in issues.items():
        open_ = world.site.read(id_)["fields"]["status"]["statusCategory"]["key"] != "done"
        if subject not in {*due, STATUS} and open_ and world.state.issues[id_].properties["cmmc-jira"].get("closed"):
            yield f"{subject} is not NOT MET, was closed for it, and is open"


def quiet(world: World) -> Iterator[str]:
    """Yield what a new process, which knows nothing, would still change."""
    process = world.site.process()
    decided = process.decide(world.assessment)
    if decided.held:
        decided = process.without_closing(decided)
    yield from (f"a new look would still {type(change).__name__} {change.subject}" for change in decided.plan.changes)
