"""Reads the Jira schema that ships with the package."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


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


def _text(name: str) -> str:
    return files("cmmc_manifests").joinpath("jira", name).read_text(encoding="utf-8")


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
