"""What a Jira consists of, as records. Ids are numeric strings; a change makes a new record."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

Raw: TypeAlias = Any
"""JSON as a client sent it, not yet checked."""
Kept: TypeAlias = Any
"""A field's value in the sandbox's own form; `values` says which."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or a service account: `name` and `key` tell it on Data Center. `admin` is Jira's global permission.

    The token is the password of basic authentication, and what a client sends as bearer.
    """

    account_id: str
    display_name: str
    email: str
    token: str = dataclasses.field(repr=False)
    name: str = ""
    key: str = ""
    admin: bool = False
    active: bool = True
    email_visible: bool = True
    timezone: str = "Etc/UTC"


@dataclass(frozen=True, slots=True)
class IssueType:
    """An issue type; `level` is -1 for sub-tasks, 0 for standard types, 1 for epics."""

    id: str
    name: str
    description: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """One of the three status categories: `new`, `indeterminate`, `done`."""

    id: int
    key: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Status:
    """A workflow status; `category` is its category's key."""

    id: str
    name: str
    category: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of a workflow.

    No `sources`: from every status. `required` names fields of the screen that must be given; `resolution` is what
    the step itself sets.
    """

    id: str
    name: str
    to: str
    sources: frozenset[str] = frozenset()
    screen: str | None = None
    required: frozenset[str] = frozenset()
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """Statuses and the steps between them; new issues start in `initial`."""

    name: str
    initial: str
    statuses: tuple[str, ...]
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority, listed from the highest."""

    id: str
    name: str
    color: str
    description: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Why an issue is done."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SecurityLevel:
    """Who may see an issue, by the name of the level; the sandbox shows it and hides nothing for it."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class LinkType:
    """A kind of link: the source `outward` the destination, the destination `inward` the source."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True, slots=True)
class Role:
    """A project role with the permissions that the permission scheme grants to it."""

    id: str
    name: str
    description: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `custom` is the custom field type's full key, None for a system field; `kind` names its values."""

    id: str
    name: str
    kind: str
    custom: str | None = None
    searcher: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a select list or a checkbox field allows."""

    id: str
    value: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a custom field applies, with its options there; no projects or types: everywhere."""

    id: str
    field: str
    name: str
    description: str = ""
    projects: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a screen with the ids of its fields in order."""

    id: str
    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """Which fields a form shows."""

    id: str
    name: str
    description: str = ""
    tabs: tuple[Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenScheme:
    """The screens by operation: `default`, and where they differ `create`, `edit`, `view`."""

    id: str
    name: str
    screens: Mapping[str, str]
    description: str = ""


@dataclass(frozen=True, slots=True)
class IssueTypeScreenScheme:
    """Screen schemes by issue type id, and `default`."""

    id: str
    name: str
    mapping: Mapping[str, str]
    description: str = ""


@dataclass(frozen=True, slots=True)
class IssueTypeScheme:
    """The issue types of a project."""

    id: str
    name: str
    types: tuple[str, ...]
    default: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A company-managed project. `workflows` is by issue type id, and `default`; `actors` by role id."""

    id: str
    key: str
    name: str
    lead: str
    type_scheme: str
    screen_scheme: str
    workflows: Mapping[str, str]
    actors: Mapping[str, tuple[str, ...]]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a project, with the account id of its lead."""

    id: str
    project: str
    name: str
    description: str = ""
    lead: str | None = None
    assignee_type: str = "PROJECT_DEFAULT"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in wiki markup as Jira keeps it."""

    id: str
    author: str
    body: str
    created: datetime
    updated: datetime
    update_author: str
    properties: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on an issue; its bytes are in `State.blobs` by this id."""

    id: str
    name: str
    size: int
    media_type: str
    created: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one issue to another, by id."""

    id: str
    type: str
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One changed field: values as ids and as people read them."""

    field: str
    field_id: str
    before: str | None
    before_text: str | None
    after: str | None
    after_text: str | None
    field_type: str = "jira"


@dataclass(frozen=True, slots=True)
class History:
    """What one person changed at one time."""

    id: str
    author: str
    created: datetime
    items: tuple[HistoryItem, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue. `values` is by field id in the sandbox's own form (see `values`); an absent value is empty."""

    id: str
    key: str
    project: str
    type: str
    status: str
    creator: str
    created: datetime
    updated: datetime
    values: Mapping[str, Any]
    status_changed: datetime
    resolved: datetime | None = None
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    properties: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    history: tuple[History, ...] = ()

    @property
    def file_names(self) -> frozenset[str]:
        """The names of the files on it."""
        return frozenset(file.name for file in self.attachments)


@dataclass(frozen=True, slots=True)
class Filter:
    """A saved search; `shared` are the projects whose people may use it, `favourite` that its owner marked it."""

    id: str
    name: str
    jql: str
    owner: str
    description: str = ""
    favourite: bool = False
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Webhook:
    """An administrator's webhook; `jql` restricts the issues, the secret is never shown.

    `configuration` is what else Data Center keeps of it.
    """

    id: str
    name: str
    url: str
    events: tuple[str, ...]
    jql: str
    exclude_body: bool
    enabled: bool
    secret: str | None = dataclasses.field(repr=False)
    updated: datetime
    updated_by: str
    created: datetime | None = None
    configuration: Mapping[str, str] = dataclasses.field(default_factory=dict)
