"""What every REST resource needs of a request: who asks, in which version, with what body; and how to answer."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import BadRequest

from jira_sandbox import credentials
from jira_sandbox.flavour import CLOUD, DATACENTER, FLAVOURS
from jira_sandbox.present import View
from jira_sandbox.records import Raw, User
from jira_sandbox.refusals import Refused, bad_payload, not_authenticated, unauthenticated
from jira_sandbox.state import State
from jira_sandbox.travel import TimeMachine

PREFIXES = {CLOUD: "/rest/api/<any('2', '3', 'latest'):api>", DATACENTER: "/rest/api/<any('2', 'latest'):api>"}
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class _Route:
    rule: str
    methods: tuple[str, ...]
    handler: Callable[..., Any]
    flavours: Collection[str]
    below: bool


class Resource:
    """Routes of one noun. Each is answered by both flavours of Jira unless it says by which."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._routes: list[_Route] = []

    def route(
        self, rule: str, *methods: str, anonymous: bool = False, flavours: Collection[str] = FLAVOURS
    ) -> Callable[[Handler], Handler]:
        """Answer this path below `/rest/api/N` by these methods; without an account only where it is `anonymous`."""

        def register(handler: Handler) -> Handler:
            @wraps(handler)
            def answer(api: str, **arguments: str) -> Response:
                g.api = 3 if api == "3" else 2
                if caller() is None and not anonymous:
                    raise not_authenticated() if state().datacenter else unauthenticated()
                return cast("Response", handler(**arguments))

            self._routes.append(_Route(rule, methods, answer, flavours, below=True))
            return handler

        return register

    def elsewhere(self, rule: str, *methods: str, flavours: Collection[str]) -> Callable[[Handler], Handler]:
        """Answer this path, which is not below `/rest/api/N`."""

        def register(handler: Handler) -> Handler:
            self._routes.append(_Route(rule, methods, handler, flavours, below=False))
            return handler

        return register

    def blueprint(self, flavour: str) -> Blueprint:
        """The routes that this flavour has."""
        made = Blueprint(self.name, __name__)
        for one in self._routes:
            if flavour in one.flavours:
                rule = f"{PREFIXES[flavour]}{one.rule}" if one.below else one.rule
                made.add_url_rule(rule, one.handler.__name__, one.handler, methods=list(one.methods))
        return made


def state() -> State:
    """The site this application serves."""
    return cast("State", current_app.extensions["jira_sandbox"])


def time_machine() -> TimeMachine:
    """What takes the site forward in time."""
    return cast("TimeMachine", current_app.extensions["jira_sandbox_time"])


def caller() -> User | None:
    """The account whose credentials the request carries, None for an anonymous one."""
    if "caller" not in g:
        g.caller = credentials.caller(state(), request.headers.get("Authorization", ""))
    return cast("User | None", g.caller)


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
    """An answer without a body, and so without a type of one."""
    empty = Response(status=status)
    del empty.headers["Content-Type"]
    return empty


def texts(found: Raw) -> list[str]:
    """A list of ids or names, that may have come as numbers, as texts; nothing for null, a refusal for all else."""
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, str) or type(one) is int for one in found):
        raise bad_payload()
    return [str(one) for one in found]
