"""Whether remediation issues can be closed, and opened again."""

from collections.abc import Iterator
from typing import Final

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_manifests import schema

STATUSES: Final = Check(
    "statuses",
    "the workflows of our issue types",
    "An item that was mended is closed by moving it to a status of the category Done.",
)
TRANSITIONS: Final = Check(
    "transitions",
    "the workflow of remediation issues",
    "A transition whose screen demands what we do not have can be taken by people alone.",
)
_DONE: Final = "done"
_MOVES: Final = {"remediation": {"new": "To Do", _DONE: "Done"}, "status": {_DONE: "Done"}}
"""The categories to which the service moves its issues, by the key of the issue type."""


def statuses(case: Case) -> Iterator[Verdict]:
    """Yield each status category that the service moves issues to and a workflow lacks."""
    there = case.checkup.categories(case.project)
    whole = True
    for spec in schema.issue_types():
        for category, word in _MOVES.get(spec.key, {}).items() if spec.name in there else ():
            if category not in there[spec.name]:
                whole = False
                yield STATUSES.fault(
                    f'The workflow of "{spec.name}" has no status of the category {word}.',
                    "Add one to the workflow: Jira settings, Issues, Workflows.",
                )
    if whole:
        yield STATUSES.ok("The workflows have a status of each category to which issues are moved.")


def transitions(case: Case) -> Iterator[Verdict]:
    """Yield whether the newest open remediation issue can be closed."""
    [name] = [spec.name for spec in schema.issue_types() if spec.key == "remediation"]
    jql = f'project = "{case.project}" AND issuetype = "{name}" AND statusCategory != Done ORDER BY created DESC'
    newest = next(iter(case.jira.search(jql, ["status"], until=lambda _: True)), None)
    if newest is None:
        yield TRANSITIONS.ok("No remediation issue is open yet, so there is no transition to look at.")
        return
    try:
        case.checkup.try_move(str(newest["id"]), _DONE)
    except JiraRefused as refused:
        yield from TRANSITIONS.refused(refused)
    else:
        yield TRANSITIONS.ok(f"{newest['key']} could be closed from where it is.")
