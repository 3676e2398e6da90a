"""Comments on issues."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jira_sandbox import drafts, events, permissions, values
from jira_sandbox.records import Comment, Issue, Project, Raw, User
from jira_sandbox.refusals import Refused, fields_refused
from jira_sandbox.state import State
from jira_sandbox.values import BadValue


def check(state: State, user: User, project: Project, raw: Mapping[str, Any], api: int) -> None:
    """Refuse what `add` would refuse."""
    if not permissions.holds(state, user, "ADD_COMMENTS", project):
        raise Refused(400, f"{user.display_name}, you do not have the permission to comment on this issue.")
    drafts.properties(raw.get("properties"))
    text(state, raw.get("body"), api)


def text(state: State, raw: Raw, api: int, attached: frozenset[str] = frozenset()) -> str:
    """A comment's body as it is kept on an issue with these files; refuses an empty one."""
    try:
        body = "" if raw is None else values.rich_text(state, raw, api, attached)
    except BadValue as bad:
        raise fields_refused({"comment": str(bad)}) from None
    if not body.strip():
        raise fields_refused({"comment": "Comment body can not be empty!"})
    return body


def add(state: State, user: User, issue: Issue, raw: Mapping[str, Any], *, api: int = 2) -> Comment:
    """A new comment from `{"body", "properties"}`."""
    check(state, user, state.projects[issue.project], raw, api)
    if raw.get("visibility") is not None:
        raise Refused(501, "The sandbox has no restricted comments: leave visibility out.")
    now = state.clock.now()
    comment = Comment(
        id=state.next_id("comment"),
        author=user.account_id,
        body=text(state, raw.get("body"), api, issue.file_names),
        created=now,
        updated=now,
        update_author=user.account_id,
        properties=drafts.properties(raw.get("properties")),
    )
    issue = replace(issue, comments=(*issue.comments, comment), updated=now)
    state.issues[issue.id] = issue
    state.last_comment = (issue.id, comment.id)
    events.comment(state, user, "comment_created", issue, comment)
    return comment


def find(issue: Issue, comment_id: str) -> Comment:
    """The issue's comment with this id, or Jira's 404."""
    for comment in issue.comments:
        if comment.id == comment_id:
            return comment
    raise Refused(404, f"Can not find a comment for the id: {comment_id}.")


def locate(state: State, user: User | None, comment_id: str) -> tuple[Issue, Comment]:
    """The comment with this id and its issue, if the user may see it."""
    for issue in state.issues.values():
        for comment in issue.comments:
            if comment.id == comment_id and permissions.sees(state, user, issue):
                return issue, comment
    raise Refused(404, f"Can not find a comment for the id: {comment_id}.")


def _may(state: State, user: User, issue: Issue, comment: Comment, verb: str) -> bool:
    project = state.projects[issue.project]
    own = comment.author == user.account_id and permissions.holds(state, user, f"{verb}_OWN_COMMENTS", project)
    return own or permissions.holds(state, user, f"{verb}_ALL_COMMENTS", project)


def demand_edit(state: State, user: User, issue: Issue, comment: Comment) -> None:
    """Refuse whoever may not edit the comment."""
    if not _may(state, user, issue, comment, "EDIT"):
        raise Refused(403, f"You do not have permission to edit comment with id: {comment.id}.")


def edit(state: State, user: User, issue: Issue, comment: Comment, raw: Mapping[str, Any], *, api: int = 2) -> Comment:
    """The comment with a new body, and its properties replaced where some are given."""
    if not _may(state, user, issue, comment, "EDIT"):
        raise Refused(400, f"You do not have permission to edit comment with id: {comment.id}.")
    given = drafts.properties(raw.get("properties"))
    changed = replace(
        comment,
        body=text(state, raw.get("body"), api, issue.file_names),
        updated=state.clock.now(),
        update_author=user.account_id,
        properties={**comment.properties, **given},
    )
    issue = store(state, issue, changed)
    events.comment(state, user, "comment_updated", issue, changed)
    return changed


def store(state: State, issue: Issue, changed: Comment) -> Issue:
    """The issue with this comment in the place of the one with its id."""
    kept = tuple(changed if one.id == changed.id else one for one in issue.comments)
    state.issues[issue.id] = replace(issue, comments=kept)
    return state.issues[issue.id]


def delete(state: State, user: User, issue: Issue, comment: Comment) -> None:
    """Remove the comment."""
    if not _may(state, user, issue, comment, "DELETE"):
        raise Refused(400, f"You do not have permission to delete comment with id: {comment.id}.")
    issue = replace(
        issue, comments=tuple(one for one in issue.comments if one.id != comment.id), updated=state.clock.now()
    )
    state.issues[issue.id] = issue
    events.comment(state, user, "comment_deleted", issue, comment)
