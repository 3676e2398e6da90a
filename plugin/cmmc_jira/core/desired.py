"""What Jira should hold for one assessment: pure, from what a look has seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.clocks import due_dates, known, planned
from cmmc_jira.core.decisions import Decision
from cmmc_jira.core.drift import lost
from cmmc_jira.core.facts import Facts, Missing, facts, projected
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Kind, Said, Wanted
from cmmc_jira.core.legend import explained, said_here
from cmmc_jira.core.notices import Speaker
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.remediation import Clockwork, no_longer, ownership, remediation
from cmmc_jira.core.status_issue import Standing, missing_status, status_issue
from cmmc_jira.core.text import render
from cmmc_jira.core.timing import Timing
from cmmc_jira.core.world import World
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import Law
from cmmc_rules.records import Evaluation, Requirement
from cmmc_rules.words import Result

_SILENT = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".mp4", ".eml", ".msg")


@dataclass(frozen=True, slots=True)
class Desired:
    """What Jira should hold: issues by subject, what to say on the assessment issue, and the frozen findings.

    `frozen` is the property to hold (empty: none; None: as it is). `standing` is None while nothing can be evaluated,
    `schedule` where no clock runs and no reassessment is planned. `withheld` are lost issues that are not made again.
    """

    issues: Mapping[str, Wanted]
    says: tuple[Said, ...]
    frozen: Mapping[str, Any] | None
    standing: Standing | None
    found: Facts | Missing
    schedule: Schedule | None = None
    withheld: frozenset[str] = frozenset()


def desired(
    world: World, law: Law, policy: Policy, *, closures: Collection[date] = (), held: Sequence[str] = ()
) -> Desired:
    """Return what Jira should hold for the assessment that the world holds, on its day.

    `held` are sentences for the status issue about what needs a person before it is done.
    """
    found = facts(world, law, evaluated=lambda assessment: evaluate(assessment, law, closures=closures))
    says = _refused_files(world)
    if isinstance(found, Missing):
        status = explained(missing_status(world, found), world.renamed)
        return Desired({STATUS_SUBJECT: status}, says, None, None, found)
    official = evaluate(found.official, law, closures=closures)
    standing = Standing(official, _projected(official, found, world, law, closures=closures))
    by_id = {requirement.id: requirement for requirement in law.requirements(official.level)}
    since = known(world, official)
    schedule = planned(world, official, since, policy.backplan, closures=closures)
    dues = due_dates(world, since, schedule)
    notices = Speaker(world, found, official, schedule, dues, since, policy, closures).notices()
    clockwork = Clockwork(schedule, dues, notices.says, notices.effects)
    issues: dict[str, Wanted] = {}
    over = _closed_out(official)
    for item in official.items:
        requirement = by_id[item.requirement]
        if over:
            issues[requirement.id] = no_longer(requirement, world=world, closed=over[0], because=over[1])
        else:
            issues[requirement.id] = remediation(
                requirement,
                item,
                world=world,
                found=found,
                official=official,
                owners=policy.owners,
                clockwork=clockwork,
            )
    issues |= _no_longer_asked(world, found, official, by_id)
    names = {item.requirement: ownership(by_id[item.requirement], world, policy.owners).user for item in official.items}
    time = Timing(schedule, since, notices)
    issues[STATUS_SUBJECT] = status_issue(world, found, standing, names, held=held, timing=time)
    issues = {subject: explained(issue, world.renamed) for subject, issue in issues.items()}
    says = tuple(said_here(said, world.renamed) for said in (*says, *_thawing(world, found)))
    return Desired(issues, says, _frozen(found), standing, found, schedule)


def _projected(official: Evaluation, found: Facts, world: World, law: Law, *, closures: Collection[date]) -> Evaluation:
    if official.status.final and not official.posted:
        return official
    over = frozenset(item.requirement for item in official.items) if official.status.final else frozenset()
    assumed = projected(found, world, posted=official.status.conditional, closed_out=over)
    return evaluate(assumed, law, closures=closures)


def _closed_out(official: Evaluation) -> tuple[str, str] | None:
    """Return what closed every item, where a posted closeout made the status Final."""
    if not (official.posted and official.status.final and official.items):
        return None
    return "closeout", f"The closeout is posted and the status is {official.status}."


def _no_longer_asked(
    world: World, found: Facts, official: Evaluation, by_id: Mapping[str, Requirement]
) -> dict[str, Wanted]:
    """Return the issues of requirements that were NOT MET and are MET now; one not assessed any more stays as it is."""
    decided = {decision.requirement: decision for decision in found.decisions}
    asked = {item.requirement for item in official.items}
    gone = {}
    for subject, issue in world.issues.items():
        result = official.results.get(subject)
        if issue.kind is not Kind.REMEDIATION or subject in asked or result not in {Result.MET, Result.NA}:
            continue
        closed, because = _why_met(subject, decided.get(subject), found, world)
        gone[subject] = no_longer(by_id[subject], world=world, closed=closed, because=because)
    return gone


def _why_met(subject: str, decision: Decision | None, found: Facts, world: World) -> tuple[str, str]:
    if decision:
        because = f"{subject} is {decision.result} by the {decision.what} of {decision.on}."
        return f"{decision.what}/{decision.on}", because
    keys = {issue.key for issue in world.finding_issues}
    naming = sorted({row.row for row in found.current.findings if row.requirement == subject and row.row in keys})
    if naming:
        return "findings", f"{subject} is no longer NOT MET in {', '.join(naming)}."
    if found.source:
        return (
            f"file/{found.source.attachment.id}",
            f"{subject} is no longer NOT MET in {found.source.attachment.name}.",
        )
    return "findings", f"{subject} is no longer NOT MET in the findings."


def _refused_files(world: World) -> tuple[Said, ...]:
    return tuple(
        Said(
            identity=f"refused/{file.attachment.id}",
            body=render("refused-file", {"name": file.attachment.name, "sentences": (file.refused or "").splitlines()}),
            why=f"{file.attachment.name} is no findings file that can be read",
        )
        for file in world.files
        if file.refused is not None and not file.attachment.name.lower().endswith(_SILENT)
    )


def _thawing(world: World, found: Facts) -> tuple[Said, ...]:
    """Return the comment that records, once, that findings are no longer frozen."""
    if not found.thaw:
        return ()
    digest = str(world.assessment.frozen.get("digest"))
    body = render("thawed", {"digest": digest})
    return (Said(f"thawed/{digest}", body, "the CMMC Status Date was taken away"),)


def _frozen(found: Facts) -> Mapping[str, Any] | None:
    if found.thaw:
        return {}
    return found.record if found.fresh else None


def cautious(wanted: Desired, world: World) -> Desired:
    """Return what Jira should hold when a person has to look first: nothing is closed, and nothing lost made again.

    The status issue is: it says so.
    """
    withheld = frozenset(lost(world)) - {STATUS_SUBJECT} - world.issues.keys()
    left = {subject: issue for subject, issue in wanted.issues.items() if not issue.closed and subject not in withheld}
    return replace(wanted, issues=left, withheld=withheld)
