"""Files on issues."""

from dataclasses import replace

from jira_sandbox import changelog, events, permissions
from jira_sandbox.records import Attachment, HistoryItem, Issue, User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State

UPLOAD_LIMIT = 50 * 1024 * 1024


def add(state: State, user: User, issue: Issue, name: str, content: bytes, *, media_type: str) -> Attachment:
    """A new file on the issue."""
    permissions.demand(
        state,
        user,
        "CREATE_ATTACHMENTS",
        state.projects[issue.project],
        "You do not have permission to create attachments for this issue.",
    )
    if len(content) > UPLOAD_LIMIT:
        raise Refused(413, f"The attachment '{name}' exceeds the maximum attachment size of {UPLOAD_LIMIT} bytes.")
    attachment = Attachment(
        id=state.next_id("attachment"),
        name=name,
        size=len(content),
        media_type=media_type or "application/octet-stream",
        created=state.clock.now(),
        author=user.account_id,
    )
    state.blobs[attachment.id] = content
    item = HistoryItem("Attachment", "attachment", None, None, attachment.id, attachment.name)
    issue = changelog.record(state, user, replace(issue, attachments=(*issue.attachments, attachment)), [item])
    events.attachment(state, "attachment_created", issue, attachment)
    events.issue_updated(state, user, issue, "issue_updated")
    return attachment


def locate(state: State, user: User | None, attachment_id: str) -> tuple[Issue, Attachment]:
    """The file with this id and its issue, if the user may see it; else Jira's 404."""
    for issue in state.issues.values():
        for attachment in issue.attachments:
            if attachment.id == attachment_id and permissions.sees(state, user, issue):
                return issue, attachment
    raise Refused(404, f"The attachment with id '{attachment_id}' does not exist")


def delete(state: State, user: User, issue: Issue, attachment: Attachment) -> None:
    """Take the file off the issue."""
    project = state.projects[issue.project]
    own = attachment.author == user.account_id and permissions.holds(state, user, "DELETE_OWN_ATTACHMENTS", project)
    if not own and not permissions.holds(state, user, "DELETE_ALL_ATTACHMENTS", project):
        raise Refused(403, f"You do not have permission to delete attachment with id: {attachment.id}")
    state.blobs.pop(attachment.id, None)
    kept = tuple(one for one in issue.attachments if one.id != attachment.id)
    item = HistoryItem("Attachment", "attachment", attachment.id, attachment.name, None, None)
    issue = changelog.record(state, user, replace(issue, attachments=kept), [item])
    events.attachment(state, "attachment_deleted", issue, attachment)
    events.issue_updated(state, user, issue, "issue_updated")
