"""What the checks look at: one Jira project, and the house that serves it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cmmc_jira.core.mapping import AS_SHIPPED, STRAIGHT, ProjectMapping, Way
from cmmc_jira.core.policy import Policy
from cmmc_jira.service.admin import Admin
from cmmc_jira.service.ports import Clock, Jira
from cmmc_rules.law import Law


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form; `needed` says that it is required and has no default, `options` what may be chosen."""

    id: str
    name: str
    needed: bool
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """An issue to look at: its status category is `new`, `indeterminate` or `done`."""

    id: str
    key: str
    category: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Headroom:
    """How many requests Jira still takes before it asks us to wait; `near` is its own word that few are left."""

    limit: int | None
    left: int | None
    near: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """When the service last took a delivery in, and which hour it last claimed; None where it never did."""

    delivered: datetime | None
    ticked: datetime | None


class Checkup(Protocol):
    """A Jira site as `doctor` sees it, by reads alone; what is asked once is kept.

    Every method may raise `JiraUnavailable` or `JiraRefused`.
    """

    def server_time(self) -> datetime:
        """What time Jira says it is."""

    def permissions(self, project: str, names: Sequence[str]) -> Mapping[str, bool]:
        """Whether our account holds each of these permissions in the project."""

    def types(self, project: str) -> Mapping[str, str]:
        """The id of each issue type that we may create in the project, by name."""

    def form(self, project: str, type_id: str) -> Sequence[FormField]:
        """The fields of the form on which an issue of this type is created."""

    def edit_form(self, issue_id: str) -> Sequence[FormField]:
        """The fields of the form on which this issue is edited; none where we may not edit it."""

    def newest(self, project: str, type_name: str) -> Sequence[Sample]:
        """The newest issues of this type that the index knows, the newest first, at most a hundred."""

    def categories(self, project: str) -> Mapping[str, frozenset[str]]:
        """The status categories that each issue type's workflow has, by the type's name."""

    def try_move(self, issue_id: str, category: str, way: Way = STRAIGHT) -> None:
        """Choose a transition without taking it; `JiraRefused` where none can be taken. `way` is the project's."""

    def priorities(self) -> frozenset[str]:
        """The names of all priorities."""

    def headroom(self) -> Headroom | None:
        """What Jira's last answers said of our rate limit; None where they said nothing."""


class Stage(Protocol):
    """The few calls that only the trial makes, all about its own issue; each may raise as the `Jira` port's do."""

    def remove(self, issue_id: str) -> None:
        """Delete an issue."""

    def links(self, issue_id: str) -> Sequence[str]:
        """The ids of an issue's links."""

    def unlink(self, link_id: str) -> None:
        """Delete a link; one that is gone already is no fault."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that `doctor` needs. `prepare` opens the database; `policy` reads the policy and refuses a wrong one.

    `heard` asks the database what the service has taken in. `clock` has the organisation's time and zone, `machine`
    the instants that the database holds. `by_forge` says that a Forge app brings the events. `webhook_url` is where
    the webhook should deliver, None where nobody said so.
    """

    project: str
    url: str
    user: str | None
    jira: Jira
    checkup: Checkup
    stage: Stage
    admin: Admin
    clock: Clock
    machine: Clock
    law: Law
    policy: Callable[[], Policy]
    prepare: Callable[[], None]
    heard: Callable[[], Heard]
    mapping: ProjectMapping = AS_SHIPPED
    by_forge: bool = False
    webhook_url: str | None = None
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    calendar_token: str | None = field(default=None, repr=False)

    @property
    def on_cloud(self) -> bool:
        """Whether this is Jira Cloud."""
        return self.jira.site().flavour == "cloud"
