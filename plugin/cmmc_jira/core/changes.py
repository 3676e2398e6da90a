"""The changes that a plan is made of. Frozen, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cmmc_jira.core.burndown import Burndown
from cmmc_jira.core.issues import Category, Kind


@dataclass(frozen=True, slots=True)
class Create:
    """Create the issue of a subject, linked to the issues of other subjects, with what we remember of it."""

    subject: str
    kind: Kind
    fields: Mapping[str, str]
    labels: tuple[str, ...]
    links: tuple[str, ...]
    memory: Mapping[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class SetFields:
    """Change fields of an issue, add labels, and change what we remember of it, in one write; None empties a field."""

    subject: str
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    memory: Mapping[str, Any]
    why: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """Move an issue to a status of a category."""

    subject: str
    category: Category
    why: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Say something once; `identity` is its name for ever."""

    subject: str
    identity: str
    body: str
    why: str


@dataclass(frozen=True, slots=True)
class Link:
    """Link the issues of two subjects."""

    subject: str
    to: str
    type: str
    why: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Attach a picture under a name that says what it shows: it is there, or it is not."""

    subject: str
    name: str
    picture: Burndown
    why: str


@dataclass(frozen=True, slots=True)
class Discard:
    """Delete a picture of ours that another one supersedes; nothing else is ever deleted."""

    subject: str
    attachment: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Remember:
    """Set one of our properties on the assessment issue."""

    key: str
    value: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    subject: str = "assessment"


Change: TypeAlias = Create | SetFields | Transition | Comment | Link | Attach | Discard | Remember
