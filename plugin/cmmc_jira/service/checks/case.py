"""What the checks look at: one Jira project, and the house that serves it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cmmc_jira.core.policy import Policy
from cmmc_jira.service.admin import Admin
from cmmc_jira.service.ports import Clock, Jira
from cmmc_rules.law import Law


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form on which an issue is created; `needed` says that it is required and has no default."""

    id: str
    name: str
    needed: bool


class Checkup(Protocol):
    """A Jira site as `doctor` sees it, by reads alone. Every method may raise `JiraUnavailable` or `JiraRefused`."""

    def server_time(self) -> datetime:
        """What time Jira says it is."""

    def permissions(self, project: str, names: Sequence[str]) -> Mapping[str, bool]:
        """Whether our account holds each of these permissions in the project."""

    def types(self, project: str) -> Mapping[str, str]:
        """The id of each issue type that we may create in the project, by name."""

    def form(self, project: str, type_id: str) -> Sequence[FormField]:
        """The fields of the form on which an issue of this type is created."""

    def categories(self, project: str) -> Mapping[str, frozenset[str]]:
        """The status categories that each issue type's workflow has, by the type's name."""

    def try_move(self, issue_id: str, category: str) -> None:
        """Choose a transition without taking it; `JiraRefused` where none can be taken."""

    def priorities(self) -> frozenset[str]:
        """The names of all priorities."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that `doctor` needs. `prepare` opens the database; `policy` reads the policy and refuses a wrong one.

    `webhook_url` is where the webhook should deliver, None where nobody said so.
    """

    project: str
    jira: Jira
    checkup: Checkup
    admin: Admin
    clock: Clock
    law: Law
    policy: Callable[[], Policy]
    prepare: Callable[[], None]
    webhook_url: str | None = None
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    calendar_token: str | None = field(default=None, repr=False)
