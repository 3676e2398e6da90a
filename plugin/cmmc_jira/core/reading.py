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
from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.core.memory import of_assessment, of_findings, of_issue

_REQUIREMENT = "CMMC Requirement"


def kind_of(raw: Mapping[str, Any], mapping: ProjectMapping) -> Kind | None:
    """Return which of our issue types an issue's JSON is of; None for any other.

    Where remediation and status issues share a type of the project, our property tells them apart.
    """
    kind = mapping.type_names().get(_type_name(raw.get("fields") or {}))
    if kind is Kind.REMEDIATION and mapping.shares_status() and _remembered(raw).get("subject") == STATUS_SUBJECT:
        return Kind.STATUS
    return kind


def read_issue(raw: Mapping[str, Any], fields: Fields) -> Actual | None:
    """Return an issue from its JSON; None when it is of none of our types.

    The subject comes from our property; a Finding issue, which people make, has none and goes by its requirement.
    """
    kind = kind_of(raw, fields.mapping)
    if kind is None:
        return None
    inner: Mapping[str, Any] = raw.get("fields") or {}
    properties: Mapping[str, Any] = raw.get("properties") or {}
    remembered, id_ = _remembered(raw), str(raw["id"])
    memory = of_assessment(remembered, id_) if kind is Kind.ASSESSMENT else of_issue(remembered)
    values = fields.read(inner)
    return Actual(
        id=id_,
        key=str(raw["key"]),
        kind=kind,
        subject=_subject(kind, memory, values),
        category=_category(inner),
        fields=values,
        labels=frozenset(str(label) for label in inner.get("labels") or ()),
        links=tuple(_links(inner, fields)),
        attachments=tuple(_attachment(row, fields.user_key) for row in inner.get("attachment") or ()),
        creator=_user(inner.get("creator"), fields.user_key),
        created=str(inner.get("created") or ""),
        project=str((inner.get("project") or {}).get("key", "")),
        memory=memory,
        frozen=of_findings(memory_of(properties, FROZEN_PROPERTY), id_),
        ready=_ready(kind, inner, fields.mapping),
    )


def _remembered(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return memory_of(raw.get("properties") or {})


def _type_name(inner: Mapping[str, Any]) -> str:
    return str((inner.get("issuetype") or {}).get("name", ""))


def _subject(kind: Kind, memory: Mapping[str, Any], values: Mapping[str, str]) -> str:
    if kind is Kind.ASSESSMENT:
        return ASSESSMENT_SUBJECT
    if kind is Kind.STATUS:
        return STATUS_SUBJECT
    return str(memory.get("subject") or values.get(_REQUIREMENT, ""))


def _category(inner: Mapping[str, Any]) -> Category:
    key = ((inner.get("status") or {}).get("statusCategory") or {}).get("key")
    return Category(key) if key in set(Category) else Category.NEW


def _ready(kind: Kind, inner: Mapping[str, Any], mapping: ProjectMapping) -> bool | None:
    named = mapping.workflow_of(kind).ready
    return str((inner.get("status") or {}).get("name", "")).casefold() in named if named else None


def _links(inner: Mapping[str, Any], fields: Fields) -> list[Linked]:
    """Return the issues at the other ends: of links, and of the parent and the sub-tasks where these tie ours."""
    ends = [row.get("inwardIssue") or row.get("outwardIssue") for row in inner.get("issuelinks") or ()]
    if fields.parent_id:
        parent = inner.get(fields.parent_id)
        ends += [_epic(parent, fields.mapping) if isinstance(parent, str) else parent, *(inner.get("subtasks") or ())]
    kinds = fields.mapping.type_names()
    named = ((end, _type_name(end.get("fields") or {})) for end in ends if end)
    return [
        Linked(id=str(end["id"]), key=str(end.get("key", "")), type_name=str(kinds.get(name, name)))
        for end, name in named
    ]


def _epic(key: str, mapping: ProjectMapping) -> Mapping[str, Any]:
    """Return an epic as the end of a link: Data Center names it by its key alone, and epics are our assessments."""
    return {"id": "", "key": key, "fields": {"issuetype": {"name": mapping.type_name(Kind.ASSESSMENT.key)}}}


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
