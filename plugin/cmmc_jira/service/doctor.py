"""Looks at all that the work rests on, and says what would stop it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cmmc_jira.errors import CmmcJiraError
from cmmc_jira.service.checks import forms, house, mapping, people, policy, project, site, webhook, workflow
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Grade, Verdict


@dataclass(frozen=True, slots=True)
class _Step:
    """A check, what makes it, and the checks without which it would only repeat their faults."""

    check: Check
    look: Callable[[Case], Iterable[Verdict]]
    after: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks said, the gravest first; `unlooked` names those that a fault of another one made pointless."""

    verdicts: tuple[Verdict, ...]
    unlooked: tuple[str, ...]

    def tried(self, verdicts: Iterable[Verdict]) -> "Report":
        """Return this report with more verdicts."""
        return Report(_sorted([*self.verdicts, *verdicts]), self.unlooked)

    @property
    def stopped(self) -> bool:
        """Whether something would stop the work."""
        return any(verdict.grade is Grade.FAULT for verdict in self.verdicts)


_IN: Final = (site.JIRA, site.ACCOUNT)
_THERE: Final = (*_IN, project.PROJECT)
_TYPES: Final = (*_THERE, project.TYPES)
_FORMS: Final = (*_TYPES, project.FIELDS, project.PERMISSIONS)

_STEPS: Final = (
    _Step(house.DATABASE, house.database),
    _Step(house.LAW, house.law),
    _Step(house.SECRETS, house.secrets),
    _Step(policy.POLICY, policy.policy),
    _Step(site.JIRA, site.jira),
    _Step(site.CLOCK, site.clock, after=(site.JIRA,)),
    _Step(site.ACCOUNT, site.account, after=(site.JIRA,)),
    _Step(site.TOKEN, site.token, after=_IN),
    _Step(site.ZONE, site.zone, after=_IN),
    _Step(site.MENTIONS, site.mentions, after=_IN),
    _Step(project.PROJECT, project.project, after=_IN),
    _Step(project.PERMISSIONS, project.permissions, after=_THERE),
    _Step(project.MAIL, project.mail, after=_THERE),
    _Step(project.TYPES, project.types, after=_THERE),
    _Step(project.FIELDS, project.fields, after=_IN),
    _Step(project.LINKS, project.links, after=_IN),
    _Step(mapping.MAPPING, mapping.mapping, after=_FORMS),
    _Step(forms.SCREENS, forms.screens, after=_FORMS),
    _Step(forms.EDITING, forms.editing, after=_FORMS),
    _Step(forms.LABELS, forms.labels, after=_FORMS),
    _Step(forms.OPTIONS, forms.options, after=_FORMS),
    _Step(forms.REQUIRED, forms.required, after=_FORMS),
    _Step(workflow.STATUSES, workflow.statuses, after=_TYPES),
    _Step(workflow.TRANSITIONS, workflow.transitions, after=(*_TYPES, project.FIELDS)),
    _Step(webhook.WEBHOOK, webhook.webhook, after=_IN),
    _Step(webhook.DELIVERIES, webhook.deliveries, after=(*_TYPES, house.DATABASE)),
    _Step(people.PEOPLE, people.people, after=(*_THERE, policy.POLICY)),
    _Step(people.MANAGERS, people.managers, after=(*_THERE, policy.POLICY)),
    _Step(people.ROLES, people.roles, after=(*_TYPES, project.FIELDS)),
    _Step(policy.PRIORITIES, policy.priorities, after=(*_IN, policy.POLICY)),
    _Step(site.RATE, site.rate, after=_IN),
)

CHECKS: Final[Sequence[Check]] = tuple(step.check for step in _STEPS)
"""Every check, in the order in which they are made."""


VITAL: Final[Sequence[Check]] = (house.DATABASE, site.JIRA, site.ACCOUNT, project.PROJECT, project.PERMISSIONS)
"""The checks without which nothing works: one call to Jira each, at most."""


def examine(case: Case, *, kept: Sequence[Verdict] = (), looking: Callable[[str], None] = lambda _: None) -> Report:
    """Return what all checks say; reads of Jira alone.

    A check of which a verdict is `kept` is not made again. `looking` is told the name of each check as it begins.
    """
    found: list[Verdict] = list(kept)
    known = {verdict.check for verdict in kept}
    unlooked: list[str] = []
    for step in _STEPS:
        if step.check.name in known:
            continue
        faulty = {verdict.check for verdict in found if verdict.grade is Grade.FAULT} | set(unlooked)
        if any(check.name in faulty for check in step.after):
            unlooked.append(step.check.name)
            continue
        looking(step.check.name)
        found += _looked(step, case)
    return Report(_sorted(found), tuple(unlooked))


def _sorted(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    order = list(Grade)
    return tuple(sorted(verdicts, key=lambda verdict: order.index(verdict.grade)))


def _looked(step: _Step, case: Case) -> Sequence[Verdict]:
    try:
        return list(step.look(case))
    except CmmcJiraError as error:
        return list(step.check.refused(error))
