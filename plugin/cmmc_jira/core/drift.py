"""What was ours and somebody changed behind our back: found by any look that reads it, put right, and told."""

from collections.abc import Container, Iterator, Mapping

from cmmc_jira.core.changes import Link
from cmmc_jira.core.identities import listed
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, STATUS_SUBJECT, labels
from cmmc_jira.core.issues import Actual, Kind, Said
from cmmc_jira.core.text import mention, reference, render
from cmmc_jira.core.world import World


def drift(world: World) -> Mapping[str, int]:
    """Return how many things of ours are not as we left them, by what they are; nothing where all is well."""
    issues = [issue for issue in world.issues.values() if not issue.memory.get("closed")]
    counted = {
        "issue": len(lost(world)),
        "property": sum("sent" not in issue.memory for issue in issues),
        "labels": sum(not labels(world.assessment.id, issue.subject) <= issue.labels for issue in issues),
        "links": sum(len(list(untied(issue, world))) for issue in issues),
        "text": int(world.rewritten is not None),
    }
    return {what: count for what, count in counted.items() if count}


def lost(world: World) -> Mapping[str, str]:
    """Return the ids of issues of ours that Jira does not give us any more, by subject."""
    seen = {issue.id for issue in (*world.issues.values(), *world.doubles)}
    return {subject: id_ for subject, id_ in listed(world.assessment).items() if id_ not in seen}


def made_again(world: World, created: Container[str]) -> Iterator[Said]:
    """Yield what is said, once, of each issue that takes a lost one's place; a run that died may have made it."""
    for subject, id_ in lost(world).items():
        if subject in created or subject in world.issues:
            body = render("made-again", {"subject": subject, "id": id_, "now": reference(subject)})
            yield Said(f"again/{id_}", body, f"the issue of {subject} was deleted, or is hidden from us")


def rewritten(world: World) -> tuple[Said, ...]:
    """Return what is said to whoever replaced the text of the status issue."""
    move = world.rewritten
    if move is None or move.by is None:
        return ()
    body = render("rewritten", {"who": mention(move.by, world.flavour), "assessment": world.assessment.key})
    return (Said(f"rewritten/{move.on}", body, "somebody replaced what it says"),)


def untied(actual: Actual, world: World) -> Iterator[Link]:
    """Yield the links that tie an issue to its assessment and to the status issue, where somebody took them away.

    They are looked for at the other end, which every look reads as it is now.
    """
    if world.tie is None:
        return
    why = "the link by which it is found again was taken away"
    if not _holds(world.assessment, actual):
        yield Link(actual.subject, ASSESSMENT_SUBJECT, world.tie, why)
    status = world.issues.get(STATUS_SUBJECT)
    if actual.kind is Kind.REMEDIATION and status and not _holds(status, actual):
        yield Link(actual.subject, STATUS_SUBJECT, world.tie, why)


def _holds(end: Actual, other: Actual) -> bool:
    return any(link.id == other.id for link in end.links)
