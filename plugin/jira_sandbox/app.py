"""The Flask application: every resource over one state."""

import secrets
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, g, jsonify, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from jira_sandbox import (
    control,
    lacks,
    pages,
    rest_attachment,
    rest_bulk,
    rest_comment,
    rest_datacenter,
    rest_field,
    rest_filter,
    rest_issue,
    rest_jira_webhook,
    rest_link,
    rest_project,
    rest_scheme,
    rest_screen,
    rest_search,
    rest_site,
    rest_user,
    rest_webhook,
    rest_words,
)
from jira_sandbox.attachments import UPLOAD_LIMIT
from jira_sandbox.gate import Gate
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State
from jira_sandbox.travel import TimeMachine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

UNKNOWN = (404, 405)
"""What Flask says of a path or a method that no resource has."""

RESOURCES = (
    rest_bulk.bulk,
    rest_issue.issue,
    rest_comment.comment,
    rest_attachment.attachment,
    rest_search.searching,
    rest_filter.saved_filter,
    rest_link.link,
    rest_site.site,
    rest_user.user,
    rest_project.project,
    rest_words.words,
    rest_field.field,
    rest_screen.screen,
    rest_scheme.scheme,
    rest_datacenter.datacenter,
)


class _Json(DefaultJSONProvider):
    """JSON with its keys in the order that Jira has them."""

    sort_keys = False


class Sandbox(Flask):
    """The application behind its gate."""

    json_provider_class = _Json

    def __init__(self, state: State, sleep: Callable[[float], None]) -> None:
        super().__init__("jira_sandbox")
        self.gate = Gate(super().wsgi_app, state, sleep)

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, through the gate."""
        return self.gate(environ, start_response)


def create_app(
    state: State | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    machine: Callable[[State], TimeMachine] = TimeMachine,
) -> Flask:
    """The application over this state, or over a new one.

    `sleep` is what a latency fault waits by, `machine` makes what takes the pages' visitors forward in time.
    """
    state = state or State()
    app = Sandbox(state, sleep)
    app.extensions["jira_sandbox"] = state
    app.extensions["jira_sandbox_time"] = machine(state)
    app.secret_key = secrets.token_bytes(32)
    app.config["SESSION_COOKIE_NAME"] = "sandbox_session"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["MAX_CONTENT_LENGTH"] = 2 * UPLOAD_LIMIT
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint(state.flavour))
    app.register_blueprint((rest_jira_webhook if state.datacenter else rest_webhook).blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(pages.blueprint(state))
    if state.datacenter:
        app.after_request(_signed_in)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, partial(_unanswered, state))
    return app


def _signed_in(response: Response) -> Response:
    """Data Center tells in a header of every answer as whom it took the request."""
    if request.path.startswith("/rest/"):
        who = g.get("caller")
        response.headers["X-AUSERNAME"] = who.name if who else "anonymous"
    return response


def _refused(refused: Refused) -> Response:
    body = refused.body()
    response = Response(body, mimetype="text/html") if isinstance(body, str) else jsonify(body)
    response.status_code = refused.status
    response.headers.update(refused.headers)
    return response


def _unanswered(state: State, error: HTTPException) -> Response:
    """What is said where no resource answers: the sandbox does not pretend. People get a page."""
    if not request.path.startswith(("/rest/", "/sandbox/")):
        return pages.error_page(state, error)
    if error.code in UNKNOWN:
        return _refused(lacks.unanswered(request.method, request.path, datacenter=state.datacenter))
    return _refused(Refused(error.code or 500, error.description or error.name))
