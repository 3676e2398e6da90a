"""Issues as the product sees them: what Jira holds, and what it should hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cmmc_jira.core.burndown import Burndown


class Kind(StrEnum):
    """Our four issue types, by the names that the manifests give them."""

    ASSESSMENT = "CMMC Assessment"
    REMEDIATION = "CMMC Remediation"
    STATUS = "CMMC Status"
    FINDING = "CMMC Finding"

    @property
    def key(self) -> str:
        """The manifests' word for it, such as `remediation`."""
        return self.name.lower()

    @classmethod
    def of(cls, key: str) -> "Kind":
        """Return the issue type that the manifests know by this key."""
        return cls[key.upper()]


class Category(StrEnum):
    """Jira's three status categories: the only part of a workflow that is the same everywhere."""

    NEW = "new"
    INDETERMINATE = "indeterminate"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on an issue, as the issue's own JSON describes it; `size` in bytes, `created` as Jira wrote it."""

    id: str
    name: str
    size: int
    created: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """An issue at the other end of a link, as the issue's own JSON names it; a parent or a sub-task is one too.

    `type_name` is our name of the type where it is one of ours. Of an epic known by its key alone the id is empty.
    """

    id: str
    key: str
    type_name: str


@dataclass(frozen=True, slots=True)
class Actual:
    """An issue that Jira holds. `fields` are our field names with canonical text values; absent means empty.

    `memory` is our entity property as it was read: what we set, what we said. `frozen` is, on an assessment issue,
    the record of the initial findings. `ready` is whether its status says so where the project names the statuses
    that do; None where the category done says it.
    """

    id: str
    key: str
    kind: Kind
    subject: str
    category: Category
    fields: Mapping[str, str]
    labels: frozenset[str] = frozenset()
    links: tuple[Linked, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    creator: str | None = None
    created: str = ""
    project: str = ""
    memory: Mapping[str, Any] = field(default_factory=dict)
    frozen: Mapping[str, Any] = field(default_factory=dict)
    ready: bool | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Something to say once: `identity` is its name for ever, `body` is wiki markup.

    `also` are the names of what is said with it, and therefore not said by itself.
    """

    identity: str
    body: str
    why: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """An issue that Jira should hold.

    `facts` are ours and always restored; `suggestions` are set once and stay as a person leaves them; `description`
    is our block of the description, `stable` the part of it whose change is worth a write (all of it where that is
    empty), `recorded` what is remembered with it. `closed` names, for an issue that is no longer asked for, what
    closed it; `because` says it in words. `says` are comments, `marks` labels that are added once, `keep` what else is
    remembered, whose change alone is worth a write. `picture` is shown in the description.
    """

    kind: Kind
    subject: str
    facts: Mapping[str, str]
    suggestions: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    stable: str = ""
    recorded: Mapping[str, Any] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    closed: str = ""
    because: str = ""
    why: str = ""
    says: tuple[Said, ...] = ()
    marks: frozenset[str] = frozenset()
    keep: Mapping[str, Any] = field(default_factory=dict)
    picture: Burndown | None = None
