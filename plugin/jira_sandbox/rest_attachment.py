"""Attachments."""

import hashlib
import hmac

from flask import Response, request

from jira_sandbox import attachments, permissions, present
from jira_sandbox.flavour import CLOUD
from jira_sandbox.refusals import Refused
from jira_sandbox.web import Resource, account, answer, caller, flag, nothing, state, view

attachment = Resource("attachment")

FILES_LIMIT = 60


@attachment.route("/issue/<key>/attachments", "POST")
def attach(key: str) -> Response:
    """Attach files: parts named `file` of a multipart body, with the header that browsers cannot forge."""
    if request.headers.get("X-Atlassian-Token", "").lower() not in ("no-check", "nocheck"):
        raise Refused(403, body="XSRF check failed")
    issue = permissions.visible_issue(state(), caller(), key)
    files = request.files.getlist("file")
    if not files:
        raise Refused(400, "No file was sent: name the part 'file'.")
    if len(files) > FILES_LIMIT:
        raise Refused(413, f"The number of files exceeds the limit of {FILES_LIMIT}.")
    added = [
        attachments.add(
            state(),
            account(),
            state().issues[issue.id],
            (sent.filename or "file").replace("\\", "/").rsplit("/", 1)[-1],
            sent.read(),
            media_type=sent.mimetype,
        )
        for sent in files
    ]
    return answer([present.attachment(view(), one) for one in added])


@attachment.route("/attachment/meta", "GET", anonymous=True)
def settings() -> Response:
    """Whether files may be attached, and how large."""
    return answer({"enabled": True, "uploadLimit": attachments.UPLOAD_LIMIT})


@attachment.route("/attachment/<number>", "GET", anonymous=True)
def metadata(number: str) -> Response:
    """What is known about a file; here, unlike in an issue, its id is a number."""
    _, found = attachments.locate(state(), caller(), number)
    return answer({**present.attachment(view(), found), "id": int(found.id)})


@attachment.route("/attachment/<number>", "DELETE")
def delete(number: str) -> Response:
    """Delete a file."""
    issue, found = attachments.locate(state(), caller(), number)
    attachments.delete(state(), account(), issue, found)
    return nothing()


@attachment.route("/attachment/content/<number>", "GET", anonymous=True, flavours=(CLOUD,))
def content(number: str) -> Response:
    """A file's bytes: by a redirect to where they lie, as on Jira Cloud, or directly with `redirect=false`."""
    _, found = attachments.locate(state(), caller(), number)
    if flag("redirect", default=True):
        place = f"{state().base_url}/media/{found.id}?token={_token(found.id)}"
        return Response(status=303, headers={"Location": place})
    return _download(found.id)


@attachment.elsewhere("/media/<attachment_id>", "GET", flavours=(CLOUD,))
def media(attachment_id: str) -> Response:
    """A file's bytes for whoever holds the address that `content` gave."""
    if not hmac.compare_digest(request.args.get("token", ""), _token(attachment_id)):
        raise Refused(403, "The address of this file is not valid.")
    return _download(attachment_id)


def _token(attachment_id: str) -> str:
    return hmac.new(state().media_key, attachment_id.encode(), hashlib.sha256).hexdigest()


def _download(attachment_id: str) -> Response:
    content_of = state().blobs.get(attachment_id)
    if content_of is None:
        raise Refused(404, f"The attachment with id '{attachment_id}' does not exist")
    kept = next(one for issue in state().issues.values() for one in issue.attachments if one.id == attachment_id)
    response = Response(content_of, mimetype=kept.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=kept.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
