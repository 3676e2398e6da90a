"""What a webhook says is worth looking at again: never what happened, only where.

https://developer.atlassian.com/server/jira/platform/webhooks/
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cmmc_jira.core.burndown import PICTURES
from cmmc_jira.core.identity import assessment_of
from cmmc_jira.core.issues import Kind
from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping

EVERYTHING: Final = "*"

_ISSUE_IN_ADDRESS: Final = re.compile(r"/issue/(\d+)(?:/|$)")
_ABOUT_ISSUES: Final = ("jira:issue_", "comment_", "issuelink_", "attachment_", "issue_property_")
_TOLD_TWICE: Final = ("comment_", "attachment_")
"""Such an event need not say on which issue: then nothing is missed, since `jira:issue_updated` comes as well.

Jira sends it of every project, whatever the webhook's filter.
"""
_DELETED: Final = "jira:issue_deleted"
_FORGE: Final = {
    "avi:jira:created:issue": "jira:issue_created",
    "avi:jira:updated:issue": "jira:issue_updated",
    "avi:jira:assigned:issue": "jira:issue_updated",
    "avi:jira:deleted:issue": "jira:issue_deleted",
    "avi:jira:commented:issue": "comment_created",
    "avi:jira:deleted:comment": "comment_deleted",
    "avi:jira:created:issuelink": "issuelink_created",
    "avi:jira:deleted:issuelink": "issuelink_deleted",
    "avi:jira:created:attachment": "attachment_created",
    "avi:jira:deleted:attachment": "attachment_deleted",
}
"""Forge's product events by what a webhook calls them: https://developer.atlassian.com/platform/forge/events-reference/jira/"""
_LIFECYCLE: Final = frozenset({"avi:forge:installed:app", "avi:forge:upgraded:app"})
_IDENTIFYING: Final = frozenset({"issuetype", "labels", "parent"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event: its name, the issue it is about, and what to look at again.

    `marks` maps the id of an assessment issue, or `*` for all of them, to the ids of the issues that changed; a `*`
    among these says that the look must not rely on the issues it knows.
    """

    event: str
    issue_id: str | None
    marks: Mapping[str, Sequence[str]]


def read_delivery(payload: Mapping[str, Any], *, project: str, mapping: ProjectMapping = AS_SHIPPED) -> Delivery:
    """Return what an event's payload asks us to look at again; an event of others asks for nothing."""
    event = str(payload.get("webhookEvent") or "")
    issue = payload.get("issue")
    if isinstance(issue, Mapping) and _id(issue.get("id")):
        return Delivery(event, _id(issue["id"]), _of_issue(event, issue, payload, project, mapping))
    if _is_picture(payload.get("attachment")):
        return Delivery(event, None, {})
    changed = _named_elsewhere(payload)
    if event.startswith(_ABOUT_ISSUES) and (changed or not event.startswith(_TOLD_TWICE)):
        return Delivery(event, changed[0] if len(changed) == 1 else None, {EVERYTHING: changed})
    return Delivery(event, None, {})


def read_forge_delivery(payload: Mapping[str, Any], *, project: str, mapping: ProjectMapping = AS_SHIPPED) -> Delivery:
    """Return what an event that Forge brings asks us to look at again.

    An app that was installed or upgraded may have missed events before, so it leads to everything.
    """
    event = str(payload.get("eventType") or "")
    if event in _LIFECYCLE:
        return Delivery(event, None, {EVERYTHING: []})
    attachment = payload.get("attachment") or {}
    issue_id = _id(attachment.get("issueId"))
    webhook = {
        "webhookEvent": _FORGE.get(event),
        "issue": payload.get("issue"),
        "changelog": payload.get("changelog"),
        "attachment": {"filename": attachment.get("fileName")},
        # Forge names the ends of a link, and the issue of a file, beside the event itself.
        "issueLink": {
            "sourceIssueId": payload.get("sourceIssueId") or issue_id,
            "destinationIssueId": payload.get("destinationIssueId"),
        },
    }
    read = read_delivery(webhook, project=project, mapping=mapping)
    return Delivery(event, read.issue_id, read.marks if event in _FORGE else {})


def _of_issue(
    event: str, issue: Mapping[str, Any], payload: Mapping[str, Any], project: str, mapping: ProjectMapping
) -> Mapping[str, Sequence[str]]:
    id_ = str(issue["id"])
    fields = issue.get("fields") or {}
    type_name = str((fields.get("issuetype") or {}).get("name") or "")
    kind, items = mapping.type_names().get(type_name), _changed(payload)
    left = any(item[0] == "key" and item[1].startswith(f"{project}-") for item in items)
    if not _is_in(issue, project) and not left:
        return {}
    if kind is Kind.ASSESSMENT and event != _DELETED and not left:
        return {id_: [id_]}
    assessment = assessment_of(frozenset(str(label) for label in fields.get("labels") or ()))
    if assessment is not None:
        return {assessment: [id_, EVERYTHING] if kind is Kind.FINDING else [id_]}
    if left or any(item[0] in _IDENTIFYING for item in items) or (event == _DELETED and kind is not None):
        return {EVERYTHING: [id_, EVERYTHING]}
    if _only_ours(kind, type_name) or not type_name:
        return {EVERYTHING: [id_]}
    return {}


def _only_ours(kind: Kind | None, type_name: str) -> bool:
    """Whether an issue that no label names is of a type of ours: one that the service makes is, under our own name.

    Where it has the project's name (a Task, say) other people's work is of that type too, and the label decides.
    """
    return kind in {Kind.ASSESSMENT, Kind.FINDING} or (kind is not None and type_name == kind)


def _is_in(issue: Mapping[str, Any], project: str) -> bool:
    """Whether an issue is in our project, by its project or else by its key; one that names neither may be."""
    fields = issue.get("fields") or {}
    key = (fields.get("project") or {}).get("key") or str(issue.get("key") or "").rpartition("-")[0]
    return not key or key == project


def _changed(payload: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return each field that changed, in lower case, with the text that it held before."""
    items = (payload.get("changelog") or {}).get("items") or ()
    return [(str(item.get("field") or "").lower(), str(item.get("fromString") or "")) for item in items]


def _named_elsewhere(payload: Mapping[str, Any]) -> Sequence[str]:
    """Return the issues that an event without an issue names: by the address of a comment, or as ends of a link."""
    address = str((payload.get("comment") or {}).get("self") or "")
    link = payload.get("issueLink") or {}
    ids = [_id(link.get("sourceIssueId")), _id(link.get("destinationIssueId"))]
    ids += [match[1] for match in _ISSUE_IN_ADDRESS.finditer(address)]
    return sorted({id_ for id_ in ids if id_}, key=int)


def _is_picture(attachment: object) -> bool:
    """Whether a file that came or went is a picture of ours; its issue, which labels name, tells of it as well."""
    return isinstance(attachment, Mapping) and PICTURES.fullmatch(str(attachment.get("filename"))) is not None


def _id(value: object) -> str:
    """Return an issue's id, which is always a number; empty for anything else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdecimal() else ""
