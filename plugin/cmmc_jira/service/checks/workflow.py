"""Whether the service's issues can be closed, and opened again."""

from collections.abc import Iterator, Sequence
from typing import Final

from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.case import Case, Sample
from cmmc_jira.service.checks.verdict import Check, Verdict

STATUSES: Final = Check(
    "statuses",
    "the workflows of our issue types",
    "An item that was mended is closed by moving it to a status of the category Done.",
)
TRANSITIONS: Final = Check(
    "transitions",
    "the workflows of our issue types",
    "A transition that is not there, or whose screen demands what we do not have, can be taken by people alone.",
)
_NEW: Final = "new"
_DONE: Final = "done"
_MOVES: Final = {"remediation": {_NEW: "To Do", _DONE: "Done"}, "status": {_DONE: "Done"}}
"""The categories to which the service moves its issues, by the key of the issue type."""


def statuses(case: Case) -> Iterator[Verdict]:
    """Yield each status category that the service moves issues to and a workflow lacks."""
    there = case.checkup.categories(case.project)
    whole = True
    for key, moves in _MOVES.items():
        name = case.mapping.type_name(key)
        for category, word in moves.items() if name in there else ():
            if category not in there[name]:
                whole = False
                yield STATUSES.fault(
                    f'The workflow of "{name}" has no status of the category {word}.',
                    "Add one to the workflow: Jira settings, Issues, Workflows.",
                )
    if whole:
        yield STATUSES.ok("The workflows have a status of each category to which issues are moved.")


def transitions(case: Case) -> Iterator[Verdict]:
    """Yield whether the newest issues of ours can be closed, and those that are closed be opened again."""
    moved, whole = [], True
    ours = map_fields(case.jira.fields(), flavour=case.jira.site().flavour, mapping=case.mapping)
    for key, moves in _MOVES.items():
        name = case.mapping.type_name(key)
        newest = case.checkup.newest(case.project, name) if name in case.checkup.types(case.project) else ()
        for category in moves:
            sample = _from_afar(newest, category)
            if sample is None:
                continue
            try:
                case.checkup.try_move(sample.id, category, ours.way(Kind.of(key), Category(category)))
            except JiraRefused as refused:
                whole = False
                yield from TRANSITIONS.refused(refused, where=f'the workflow of "{name}", seen on {sample.key}')
            else:
                moved.append(f"{sample.key} could be {'closed' if category == _DONE else 'opened again'}")
    if moved and whole:
        yield TRANSITIONS.ok(f"{', '.join(moved)}.")
    elif whole:
        yield TRANSITIONS.ok("There is no issue of ours yet whose transitions could be looked at.")


def _from_afar(newest: Sequence[Sample], category: str) -> Sample | None:
    """Return the newest issue that would be moved to this category: an open one to done, a done one to new."""
    return next((sample for sample in newest if (sample.category == _DONE) != (category == _DONE)), None)
