"""Links between issues."""

from collections.abc import Mapping, Sequence
from typing import Any

from jira_sandbox import changelog, events, permissions
from jira_sandbox.records import HistoryItem, Issue, Link, LinkType, Raw, User
from jira_sandbox.refusals import Refused, fields_refused
from jira_sandbox.state import State


def named_type(state: State, raw: Raw) -> LinkType:
    """The link type that `{"id": …}` or `{"name": …}` names, or Jira's 404."""
    if not isinstance(raw, dict) or not ({"id", "name"} & raw.keys()):
        raise Refused(400, "No issue link type specified.")
    for link_type in state.link_types.values():
        if ("id" in raw and link_type.id == str(raw["id"])) or ("id" not in raw and link_type.name == raw["name"]):
            return link_type
    noun = "id" if "id" in raw else "name"
    raise Refused(404, f"No issue link type with {noun} '{raw[noun]}' found.")


def named_issue(state: State, user: User, raw: Raw) -> Issue:
    """The issue that `{"id": …}` or `{"key": …}` names, or Jira's refusal."""
    if not isinstance(raw, dict) or not ({"id", "key"} & raw.keys()):
        raise Refused(400, "No issue specified: give its id or key.")
    return permissions.visible_issue(state, user, str(raw.get("id", raw.get("key"))))


def demand(state: State, user: User, issue: Issue) -> None:
    """Refuse whoever may not link the issue; Jira answers 401 here."""
    if not permissions.holds(state, user, "LINK_ISSUES", state.projects[issue.project]):
        raise Refused(401, f"No Link Issue Permission for issue '{issue.key}'")


def add(state: State, user: User, link_type: LinkType, source: Issue, destination: Issue) -> Link:
    """A link by which the source `outward` the destination; one that is there already is given back."""
    demand(state, user, source)
    if source.id == destination.id:
        raise Refused(400, "You cannot link an issue to itself.")
    for link in state.links.values():
        if (link.type, link.source, link.destination) == (link_type.id, source.id, destination.id):
            return link
    link = Link(state.next_id("link"), link_type.id, source.id, destination.id)
    state.links[link.id] = link
    for near, far, words in ((source, destination, link_type.outward), (destination, source, link_type.inward)):
        text = f"This issue {words} {far.key}"
        changelog.record(
            state, user, state.issues[near.id], [HistoryItem("Link", "issuelinks", None, None, far.key, text)]
        )
    events.link(state, "issuelink_created", link)
    return link


def check(state: State, user: User, asked: Sequence[Mapping[str, Any]]) -> None:
    """Refuse links that `add_from` would refuse, before anything is written."""
    for raw in asked:
        try:
            named_type(state, raw.get("type"))
            named_issue(state, user, raw.get("outwardIssue", raw.get("inwardIssue")))
        except Refused as refused:
            raise fields_refused({"issuelinks": " ".join(refused.messages)}) from None


def add_from(state: State, user: User, issue: Issue, raw: Mapping[str, Any]) -> Link:
    """A link from `update.issuelinks`: `outwardIssue` is what this issue points at, `inwardIssue` what points at it."""
    link_type = named_type(state, raw.get("type"))
    if "outwardIssue" in raw:
        return add(state, user, link_type, issue, named_issue(state, user, raw["outwardIssue"]))
    return add(state, user, link_type, named_issue(state, user, raw.get("inwardIssue")), issue)


def remove(state: State, user: User, link: Link) -> None:
    """Take the link away."""
    source, destination = state.issues[link.source], state.issues[link.destination]
    demand(state, user, source)
    link_type = state.link_types[link.type]
    del state.links[link.id]
    for near, far, words in ((source, destination, link_type.outward), (destination, source, link_type.inward)):
        text = f"This issue {words} {far.key}"
        changelog.record(
            state, user, state.issues[near.id], [HistoryItem("Link", "issuelinks", far.key, text, None, None)]
        )
    events.link(state, "issuelink_deleted", link)
