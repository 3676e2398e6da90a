"""What the webhooks tell: payloads in the shape that each flavour sends them."""

from typing import Any

from jira_sandbox import present, present_issue
from jira_sandbox.present import View
from jira_sandbox.records import Attachment, Comment, Issue, Link, User
from jira_sandbox.state import State


def _view(state: State) -> View:
    """Payloads are version 2 and know no viewer."""
    return View(state, None)


def _issue(state: State, issue: Issue) -> dict[str, Any]:
    view = _view(state)
    fields = ("*all",) if state.datacenter else ("*all", "-comment")
    shown = present_issue.issue(view, issue, present_issue.Wanted(fields))
    del shown["expand"]
    return shown


def issue_created(state: State, user: User, issue: Issue, *, bulk: bool = False) -> None:
    """Tell that an issue is new."""
    payload = {
        "issue_event_type_name": "issue_created",
        "user": present.user(_view(state), user),
        "issue": _issue(state, issue),
    }
    state.webhooks.fire("jira:issue_created", issue, payload, bulk=bulk)


def issue_updated(state: State, user: User, issue: Issue, event_type: str) -> None:
    """Tell that an issue changed, with the last entry of its changelog."""
    payload: dict[str, Any] = {
        "issue_event_type_name": event_type,
        "user": present.user(_view(state), user),
        "issue": _issue(state, issue),
    }
    if issue.history:
        entry = issue.history[-1]
        payload["changelog"] = {"id": entry.id, "items": present.history_items(_view(state), entry)}
    state.webhooks.fire("jira:issue_updated", issue, payload)


def issue_deleted(state: State, user: User, issue: Issue) -> None:
    """Tell that an issue goes; call it while the issue is still there."""
    payload = {"user": present.user(_view(state), user), "issue": _issue(state, issue)}
    state.webhooks.fire("jira:issue_deleted", issue, payload)


COMMENT_EVENTS = {
    "comment_created": "issue_commented",
    "comment_updated": "issue_comment_edited",
    "comment_deleted": "issue_comment_deleted",
}


def comment(state: State, user: User, event: str, issue: Issue, found: Comment) -> None:
    """Tell of a comment, without its user; Cloud adds a small issue, Data Center tells of a changed issue as well."""
    view = _view(state)
    shown = present.comment(view, issue.id, found)
    if state.datacenter:
        state.webhooks.fire(event, issue, {"comment": shown})
        changed = {"user": present.user(view, user), "issue": _issue(state, issue), "comment": shown}
        name = COMMENT_EVENTS[event]
        state.webhooks.fire("jira:issue_updated", issue, {"issue_event_type_name": name, **changed})
        return
    names = ("summary", "issuetype", "project", "assignee", "priority", "status")
    brief = present_issue.brief(view, issue, names)
    state.webhooks.fire(event, issue, {"comment": shown, "issue": brief, "eventType": "primaryAction"})


def attachment(state: State, event: str, issue: Issue, found: Attachment) -> None:
    """Tell of a file; its payload does not say on which issue."""
    state.webhooks.fire(event, issue, {"attachment": present.attachment(_view(state), found)})


def link(state: State, event: str, found: Link) -> None:
    """Tell of a link; its payload carries ids only."""
    kind = state.link_types[found.type]
    payload = {
        "issueLink": {
            "id": int(found.id),
            "sourceIssueId": int(found.source),
            "destinationIssueId": int(found.destination),
            "issueLinkType": {
                "id": int(kind.id),
                "name": kind.name,
                "outwardName": kind.outward,
                "inwardName": kind.inward,
                "isSubTaskLinkType": False,
                "isSystemLinkType": False,
            },
            "sequence": 0,
            "systemLink": False,
        }
    }
    state.webhooks.fire(event, state.issues[found.source], payload)
