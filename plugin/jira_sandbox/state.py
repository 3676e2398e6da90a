"""One Jira site in memory."""

import secrets
from collections import Counter
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any

from jira_sandbox import seed
from jira_sandbox.clock import Clock
from jira_sandbox.faults import Faults
from jira_sandbox.flavour import CLOUD, DATACENTER, FLAVOURS
from jira_sandbox.records import (
    Component,
    Context,
    Field,
    Filter,
    Issue,
    IssueType,
    IssueTypeScheme,
    IssueTypeScreenScheme,
    Link,
    LinkType,
    Priority,
    Project,
    Resolution,
    Role,
    Screen,
    ScreenScheme,
    SecurityLevel,
    Status,
    User,
    Workflow,
)
from jira_sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Mapping


class State:
    """Everything one site holds. Take `lock` around every use; the HTTP application does it for each request.

    `arrived` and `answered` count the requests under `/rest/`; `last_comment` is its issue's id and its own.
    """

    def __init__(self, *, clock: Clock | None = None, flavour: str = CLOUD) -> None:
        if flavour not in FLAVOURS:
            raise ValueError(f"There is no sandbox of the flavour {flavour!r}; there are: {', '.join(FLAVOURS)}.")
        self.lock = RLock()
        self.clock = clock or Clock()
        self.flavour = flavour
        self.datacenter = flavour == DATACENTER
        self.version = (10, 3, 24)
        """What Data Center says it is."""
        self.base_url = "http://jira.test"
        self.media_key = secrets.token_bytes(16)
        self.webhook_hosts: frozenset[str] = frozenset()
        self._fill()

    def _fill(self) -> None:
        self.users: dict[str, User] = {}
        self.issue_types: dict[str, IssueType] = {}
        self.statuses: dict[str, Status] = {}
        self.workflows: dict[str, Workflow] = {}
        self.priorities: dict[str, Priority] = {}
        self.resolutions: dict[str, Resolution] = {}
        self.link_types: dict[str, LinkType] = {}
        self.roles: dict[str, Role] = {}
        self.security_levels: dict[str, SecurityLevel] = {}
        self.fields: dict[str, Field] = {}
        self.required: set[str] = set()
        self.contexts: dict[str, Context] = {}
        self.screens: dict[str, Screen] = {}
        self.screen_schemes: dict[str, ScreenScheme] = {}
        self.type_screen_schemes: dict[str, IssueTypeScreenScheme] = {}
        self.type_schemes: dict[str, IssueTypeScheme] = {}
        self.projects: dict[str, Project] = {}
        self.components: dict[str, Component] = {}
        self.issues: dict[str, Issue] = {}
        self.keys: dict[str, str] = {}
        self.blobs: dict[str, bytes] = {}
        self.links: dict[str, Link] = {}
        self.filters: dict[str, Filter] = {}
        self.denied: dict[str, set[str]] = {}
        self.failed_logins: Counter[str] = Counter()
        self.service = ""
        self.webhook_secret = ""
        self._ids: Counter[str] = Counter()
        self.requests: list[Mapping[str, Any]] = []
        self.arrived = self.answered = 0
        self.last_comment: tuple[str, str] | None = None
        self.faults = Faults()
        self.webhooks = Webhooks(self)
        self.looks: list[Mapping[str, Issue]] = []
        self.pages: dict[str, tuple[str, tuple[Issue, ...]]] = {}
        seed.fill(self)

    def reset(self) -> None:
        """Go back to the beginning: no issues, no webhooks, no faults, real time."""
        self.clock.reset()
        self._fill()

    def next_id(self, kind: str, start: int = 10000) -> str:
        """A fresh id among the records of this kind."""
        self._ids[kind] += 1
        return str(start + self._ids[kind] - 1)

    def next_key(self, project: Project) -> str:
        """The next issue key of a project; a deleted issue's key never comes back."""
        return f"{project.key}-{int(self.next_id('key of ' + project.id, start=1))}"

    def find_issue(self, id_or_key: str) -> Issue | None:
        """The issue with this id, this key or this former key."""
        return self.issues.get(self.keys.get(id_or_key.upper(), id_or_key))

    def find_project(self, id_or_key: str) -> Project | None:
        """The project with this id or key."""
        if id_or_key in self.projects:
            return self.projects[id_or_key]
        return next((project for project in self.projects.values() if project.key == id_or_key.upper()), None)

    def user(self, account_id: str) -> User:
        """The user with this account id."""
        return self.users[account_id]

    def service_user(self) -> User:
        """The account that a connected service acts as."""
        return self.users[self.service]

    def links_of(self, issue_id: str) -> list[Link]:
        """The issue's links in both directions, oldest first."""
        return [link for link in self.links.values() if issue_id in (link.source, link.destination)]

    def subtasks_of(self, issue_id: str) -> list[Issue]:
        """The issues whose parent this is, oldest first."""
        return [issue for issue in self.issues.values() if issue.values.get("parent") == issue_id]

    def types_of(self, project: Project) -> list[IssueType]:
        """The issue types of a project, in its scheme's order."""
        return [self.issue_types[one] for one in self.type_schemes[project.type_scheme].types]

    def workflow_of(self, project: Project, issue_type: str) -> Workflow:
        """The workflow of an issue type in a project."""
        return self.workflows[project.workflows.get(issue_type, project.workflows["default"])]

    def screen_of(self, project: Project, issue_type: str, operation: str) -> Screen:
        """The screen that an operation (`create`, `edit`, `view`) shows for an issue type in a project."""
        mapping = self.type_screen_schemes[project.screen_scheme].mapping
        screens = self.screen_schemes[mapping.get(issue_type, mapping["default"])].screens
        return self.screens[screens.get(operation, screens["default"])]

    def context_of(self, field: Field, project: Project, issue_type: str) -> Context | None:
        """The context in which a custom field applies there, the narrowest one; None where it does not."""
        fitting = [
            context
            for context in self.contexts.values()
            if context.field == field.id
            and (not context.projects or project.id in context.projects)
            and (not context.types or issue_type in context.types)
        ]
        return max(fitting, key=lambda context: (bool(context.projects), bool(context.types)), default=None)

    def add_types(self, scheme: str, types: list[str]) -> None:
        """Add issue types to an issue type scheme."""
        found = self.type_schemes[scheme]
        self.type_schemes[scheme] = replace(found, types=(*found.types, *types))
