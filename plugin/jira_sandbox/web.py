"""What every REST resource needs of a request: who asks, in which version, with what body; and how to answer."""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import BadRequest

from jira_sandbox.present import View
from jira_sandbox.records import Raw, User
from jira_sandbox.refusals import Refused, bad_payload, unauthenticated
from jira_sandbox.state import State
from jira_sandbox.travel import TimeMachine

PREFIX = "/rest/api/<any('2', '3', 'latest'):api>"
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Resource:
    """Routes of one noun. Each is answered by both versions of the API and needs an account unless open."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.blueprint = Blueprint(name, __name__)

    def route(self, rule: str, *methods: str, anonymous: bool = False) -> Callable[[Handler], Handler]:
        """Answer this path below `/rest/api/N` by these methods."""

        def register(handler: Handler) -> Handler:
            @wraps(handler)
            def answer(api: str, **arguments: str) -> Response:
                g.api = 3 if api == "3" else 2
                if not anonymous and caller() is None:
                    raise unauthenticated()
                return cast("Response", handler(**arguments))

            self.blueprint.add_url_rule(f"{PREFIX}{rule}", handler.__name__, answer, methods=list(methods))
            return handler

        return register


def state() -> State:
    """The site this application serves."""
    return cast("State", current_app.extensions["jira_sandbox"])


def time_machine() -> TimeMachine:
    """What takes the site forward in time."""
    return cast("TimeMachine", current_app.extensions["jira_sandbox_time"])


def caller() -> User | None:
    """The account whose credentials the request carries; bad ones make it anonymous, as on Jira Cloud."""
    if "caller" not in g:
        g.caller = _authenticated(state(), request.headers.get("Authorization", ""))
    return cast("User | None", g.caller)


def _authenticated(site: State, header: str) -> User | None:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return _holder(site, None, rest.strip())
    if scheme.lower() == "basic":
        try:
            email, _, token = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return _holder(site, email, token)
    return None


def _holder(site: State, email: str | None, token: str) -> User | None:
    for user in site.users.values():
        if hmac.compare_digest(user.token.encode(), token.encode()) and email in (None, user.email) and user.active:
            return user
    return None


def account() -> User:
    """The account that asks; 401 without one."""
    user = caller()
    if user is None:
        raise unauthenticated()
    return user


def view() -> View:
    """How to show records to this request."""
    return View(state(), caller(), g.get("api", 2))


def body(*known: str) -> dict[str, Any]:
    """The JSON object of the request; refuses what is none, and keys beside the known ones where some are named."""
    found = json_body()
    if not isinstance(found, dict) or (known and found.keys() - set(known)):
        raise bad_payload()
    return found


def json_body() -> Raw:
    """The JSON of the request, whatever it is."""
    if request.mimetype != "application/json":
        raise Refused(415, f"The content type '{request.mimetype}' is not supported: send application/json.")
    try:
        return request.get_json()
    except BadRequest:
        raise Refused(400, "There was an error parsing JSON. Check that your request body is valid.") from None


def names(value: str | None) -> tuple[str, ...]:
    """A comma-separated text as its parts."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def listed(parameter: str) -> tuple[str, ...]:
    """A query parameter that may come several times and hold commas."""
    return tuple(name for value in request.args.getlist(parameter) for name in names(value))


def flag(parameter: str, *, default: bool = False) -> bool:
    """A query parameter that is true or false."""
    value = request.args.get(parameter)
    return default if value is None else value.lower() == "true"


def number(parameter: str, default: int, *, most: int | None = None) -> int:
    """A query parameter that is a number from 0 on, capped where Jira caps it."""
    value = request.args.get(parameter)
    if value is None or value == "":
        return default
    if not value.lstrip("-").isdecimal():
        raise Refused(400, f"The value '{value}' of the parameter '{parameter}' is no number.")
    found = max(int(value), 0)
    return found if most is None else min(found, most)


def answer(found: Raw, status: int = 200) -> Response:
    """This as JSON."""
    response = jsonify(found)
    response.status_code = status
    return response


def paged(values: Sequence[Any], *, default: int = 50, most: int = 100) -> Response:
    """The page of the values that `startAt` and `maxResults` ask for; its addresses keep the other parameters."""
    start, limit = number("startAt", 0), number("maxResults", default, most=most)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("startAt", "maxResults")]

    def address(at: int) -> str:
        return f"{state().base_url}{request.path}?{urlencode([*kept, ('startAt', at), ('maxResults', limit)])}"

    last = start + limit >= len(values)
    shown: dict[str, Any] = {"self": address(start), "maxResults": limit, "startAt": start, "total": len(values)}
    if not last:
        shown["nextPage"] = address(start + limit)
    return answer({**shown, "isLast": last, "values": list(values[start : start + limit])})


def nothing(status: int = 204) -> Response:
    """An answer without a body."""
    return Response(status=status)


def texts(found: Raw) -> list[str]:
    """A list of ids or names, that may have come as numbers, as texts; nothing for null, a refusal for all else."""
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, (str, int)) for one in found):
        raise bad_payload()
    return [str(one) for one in found]
