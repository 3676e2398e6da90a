"""The addresses of the pages, and what every page has in common."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Request, Response, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from jira_sandbox.pages import actions, guard, looks, shapes, times
from jira_sandbox.pages.guard import Guard
from jira_sandbox.pages.inputs import people
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State

NOWHERE = "Nothing has this address, or it has moved. An issue's address is /browse/ and its key."
View = Callable[..., ResponseReturnValue]

_LOOKS: dict[str, View] = {
    "/projects": looks.projects,
    "/projects/<key>": looks.project,
    "/projects/<key>/create": looks.create,
    "/browse/<key>": looks.issue,
    "/secure/attachment/<number>/<path:name>": looks.attachment,
}
_ACTIONS: dict[str, View] = {
    "/projects/<key>/create": actions.create,
    "/browse/<key>/edit": actions.edit,
    "/browse/<key>/transition": actions.transition,
    "/browse/<key>/comment": actions.comment,
    "/browse/<key>/attach": actions.attach,
    "/browse/<key>/link": actions.link,
    "/person": actions.switch,
    "/clock/ahead": times.ahead,
    "/clock/day": times.to_day,
    "/clock/notice": times.to_notice,
    "/clock/stop": times.stop,
}


def blueprint(state: State) -> Blueprint:
    """The pages as a blueprint named `pages`."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")
    own = Guard()
    for rule, view in _LOOKS.items():
        pages.add_url_rule(rule, view.__name__, _served(state, own, view), methods=["GET"])
    pages.add_url_rule("/", "home", _served(state, own, looks.projects), methods=["GET"])
    for rule, view in _ACTIONS.items():
        name = f"do_{view.__name__}"
        pages.add_url_rule(rule, name, _served(state, own, view, changes=True), methods=["POST"])
    for filter_ in (shapes.day, shapes.initials, shapes.tone, shapes.size, shapes.cut):
        pages.add_app_template_filter(filter_)
    pages.add_app_template_filter(lambda value: shapes.moment(value, g.person.timezone), "moment")
    pages.app_context_processor(lambda: _surroundings(state, own))
    pages.after_request(guard.harden)
    pages.after_request(lambda response: guard.remember(state, g.get("person"), request, response))
    pages.register_error_handler(HTTPException, lambda error: error_page(state, error))
    return pages


def error_page(state: State, error: HTTPException) -> Response:
    """The page that says what went wrong, and how to go on."""
    says = NOWHERE if isinstance(error, NotFound) and error.description == NotFound.description else error.description
    with state.lock:
        g.setdefault("person", guard.acting(state, request))
        text = render_template("sorry.html", code=error.code or 500, says=says)
    return guard.harden(make_response(text.encode("utf-8", "replace"), error.code or 500))


def _served(state: State, own: Guard, view: View, *, changes: bool = False) -> View:
    """The view with the state locked and the acting person known; one that changes something demands our token."""

    @wraps(view)
    def serve(**places: str) -> ResponseReturnValue:
        with state.lock:
            g.person = guard.acting(state, request)
            if changes:
                own.check(request)
            try:
                return view(state, g.person, **places)
            except Refused as refused:
                return error_page(state, _as_error(refused))

    return serve


def _as_error(refused: Refused) -> HTTPException:
    error = HTTPException(" ".join([*refused.messages, *refused.errors.values()]))
    error.code = refused.status
    return error


def _surroundings(state: State, own: Guard) -> dict[str, object]:
    """What every template knows."""
    times.arrived(state, g.person)
    return {
        "now": state.clock.now(),
        "reading": request.method == "GET",
        "moment_here": times.moment(state, g.person),
        "persons": people(state),
        "accounts": state.users,
        "token": own.token,
        "token_field": guard.TOKEN,
        "here": _here(request),
        "asset": lambda name: url_for("pages.static", filename=name),
    }


def _here(asked: Request) -> str:
    """The address of the page at which a person stands; a form's own address is that of the issue it is on."""
    if asked.method == "GET":
        return asked.full_path.rstrip("?")
    return asked.path.rpartition("/")[0] if asked.path.startswith("/browse/") else asked.path
