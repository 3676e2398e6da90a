"""Jira's JSON to our records."""

from collections.abc import Mapping
from typing import Any

from cmmc_jira.core.fields import Fields
from cmmc_jira.core.identity import (
    ASSESSMENT_SUBJECT,
    FROZEN_PROPERTY,
    STATUS_SUBJECT,
    memory_of,
)
from cmmc_jira.core.issues import Actual, Attachment, Category, Kind, Linked

_REQUIREMENT = "CMMC Requirement"


def kind_of(raw: Mapping[str, Any]) -> Kind | None:
    """Return which of our issue types an issue's JSON is of; None for any other."""
    name = str(((raw.get("fields") or {}).get("issuetype") or {}).get("name", ""))
    return Kind(name) if name in set(Kind) else None


def read_issue(raw: Mapping[str, Any], fields: Fields) -> Actual | None:
    """Return an issue from its JSON; None when it is of none of our types.

    The subject comes from our property; a Finding issue, which people make, has none and goes by its requirement.
    """
    kind = kind_of(raw)
    if kind is None:
        return None
    inner: Mapping[str, Any] = raw.get("fields") or {}
    properties: Mapping[str, Any] = raw.get("properties") or {}
    memory = memory_of(properties)
    values = fields.read(inner)
    return Actual(
        id=str(raw["id"]),
        key=str(raw["key"]),
        kind=kind,
        subject=_subject(kind, memory, values),
        category=_category(inner),
        fields=values,
        labels=frozenset(str(label) for label in inner.get("labels") or ()),
        links=tuple(_links(inner)),
        attachments=tuple(_attachment(row, fields.user_key) for row in inner.get("attachment") or ()),
        creator=_user(inner.get("creator"), fields.user_key),
        created=str(inner.get("created") or ""),
        project=str((inner.get("project") or {}).get("key", "")),
        memory=memory,
        frozen=memory_of(properties, FROZEN_PROPERTY),
    )


def _subject(kind: Kind, memory: Mapping[str, Any], values: Mapping[str, str]) -> str:
    if kind is Kind.ASSESSMENT:
        return ASSESSMENT_SUBJECT
    if kind is Kind.STATUS:
        return STATUS_SUBJECT
    return str(memory.get("subject") or values.get(_REQUIREMENT, ""))


def _category(inner: Mapping[str, Any]) -> Category:
    key = ((inner.get("status") or {}).get("statusCategory") or {}).get("key")
    return Category(key) if key in set(Category) else Category.NEW


def _links(inner: Mapping[str, Any]) -> list[Linked]:
    ends = (row.get("inwardIssue") or row.get("outwardIssue") for row in inner.get("issuelinks") or ())
    return [
        Linked(
            id=str(end["id"]),
            key=str(end.get("key", "")),
            type_name=str(((end.get("fields") or {}).get("issuetype") or {}).get("name", "")),
        )
        for end in ends
        if end
    ]


def _attachment(row: Mapping[str, Any], user_key: str) -> Attachment:
    return Attachment(
        id=str(row["id"]),
        name=str(row.get("filename", "")),
        size=int(row.get("size") or 0),
        created=str(row.get("created", "")),
        author=_user(row.get("author"), user_key),
    )


def _user(value: Mapping[str, Any] | None, user_key: str) -> str | None:
    return None if not value else str(value.get(user_key) or "") or None
