"""Reads the Jira schema that ships with the package."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

FLAVOURS: Final = ("cloud", "datacenter")
"""The two kinds of Jira, by the words that settings and answers use."""


@dataclass(frozen=True, slots=True)
class IssueTypeSpec:
    """An issue type: `key` is what `FieldSpec.used_on` names; `also` are native field ids on its screens."""

    key: str
    name: str
    says: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field by the name people see; `type` is one of the words at the head of fields.yaml."""

    name: str
    type: str
    used_on: tuple[str, ...]
    written_by: str
    says: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkTypeSpec:
    """A link type: the source `outward` the destination, the destination `inward` the source."""

    name: str
    inward: str
    outward: str
    says: str


@dataclass(frozen=True, slots=True)
class WebhookSpec:
    """The webhook of a project: `events` maps each event to why it is wanted, `filter` is JQL."""

    name: str
    filter: str
    events: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WebhookForm:
    """How one kind of Jira takes a webhook: where, on which page, and the body, with {name}, {url} and so on.

    `signed` says how deliveries are signed; it is empty where they are not.
    """

    page: str
    endpoint: str
    signed: str
    filtered: str
    body: Mapping[str, Any]

    def filled(self, **values: object) -> dict[str, Any]:
        """Return the body with what the braces name; a whole string of one name becomes the value itself."""
        return {key: _filled(part, values) for key, part in self.body.items()}


@dataclass(frozen=True, slots=True)
class LabelSpec:
    """A label that the service sets, with {assessment} and {subject} for what differs."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A project role by the line of the policy that names it."""

    policy: str
    says: str


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """A saved filter of one project."""

    name: str
    jql: str
    says: str


@dataclass(frozen=True, slots=True)
class PermissionSpec:
    """A project permission: Jira's `key`, its name by flavour, and why; `when` is empty where it is always needed."""

    key: str
    names: Mapping[str, str]
    why: str
    when: str = ""


def _text(*path: str) -> str:
    return files("cmmc_manifests").joinpath("jira", *path).read_text(encoding="utf-8")


def _filled(part: object, values: Mapping[str, object]) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(part, Mapping):
        return {key: _filled(inner, values) for key, inner in part.items()}
    if isinstance(part, str) and part.startswith("{") and part.endswith("}"):
        return values[part.strip("{}")]
    return part


@cache
def issue_types() -> tuple[IssueTypeSpec, ...]:
    """Return the issue types, in the order of the file."""
    rows = yaml.safe_load(_text("issuetypes.yaml"))
    return tuple(
        IssueTypeSpec(key=key, name=row["name"], says=row["says"], also=tuple(row["also"])) for key, row in rows.items()
    )


@cache
def fields() -> tuple[FieldSpec, ...]:
    """Return the fields, in the order of the file."""
    return tuple(
        FieldSpec(
            name=row["name"],
            type=row["type"],
            used_on=tuple(row["used_on"]),
            written_by=row["written_by"],
            says=row["says"],
            options=tuple(row.get("options", ())),
        )
        for row in yaml.safe_load(_text("fields.yaml"))
    )


@cache
def link_types() -> tuple[LinkTypeSpec, ...]:
    """Return the link types, in the order of the file."""
    return tuple(
        LinkTypeSpec(name=row["name"], inward=row["inward"], outward=row["outward"], says=row["says"])
        for row in yaml.safe_load(_text("links.yaml"))
    )


def webhook(project: str) -> WebhookSpec:
    """Return the webhook of the project with this key."""
    row = yaml.safe_load(_text("webhook.yaml"))
    return WebhookSpec(
        name=row["name"].format(key=project), filter=row["filter"].format(key=project), events=row["events"]
    )


def webhook_form(kind: str) -> WebhookForm:
    """Return how this kind of Jira takes a webhook: `cloud`, `datacenter-10` or `datacenter-9`."""
    return WebhookForm(**yaml.safe_load(_text("webhooks", f"{kind}.yaml")))


@cache
def labels() -> tuple[LabelSpec, ...]:
    """Return the labels that the service sets, from the widest to the narrowest."""
    return tuple(LabelSpec(**row) for row in yaml.safe_load(_text("labels.yaml")))


@cache
def roles() -> tuple[RoleSpec, ...]:
    """Return the project roles that the product reads."""
    return tuple(RoleSpec(**row) for row in yaml.safe_load(_text("roles.yaml")))


def filters(project: str, *, remediation: str, finding: str, ready: str) -> tuple[FilterSpec, ...]:
    """Return the saved filters of a project; the other words are parts of JQL, quotes included."""
    words = {"key": project, "remediation": remediation, "finding": finding, "ready": ready}
    return tuple(
        FilterSpec(name=row["name"].format(**words), jql=row["jql"].format(**words), says=row["says"])
        for row in yaml.safe_load(_text("filters.yaml"))
    )


@cache
def permissions() -> tuple[PermissionSpec, ...]:
    """Return what the service's account must be allowed in the project, in the order of the file."""
    return tuple(
        PermissionSpec(row["key"], {one: row[one] for one in FLAVOURS}, row["why"], row.get("when", ""))
        for row in yaml.safe_load(_text("permissions.yaml"))
    )
