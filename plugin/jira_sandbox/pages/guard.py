"""Who acts, and whether a form comes from our own pages."""

import hmac
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Request, Response, abort

from jira_sandbox import credentials, seed
from jira_sandbox.records import User
from jira_sandbox.state import State

COOKIE = "sandbox_person"
TOKEN = "form_token"  # noqa: S105  # the name of a form's field
POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Guard:
    """A token that only pages of this process know, so that no other site can send a form in a person's name."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def check(self, request: Request) -> None:
        """Refuse a form that does not carry the token with 403."""
        if not hmac.compare_digest(request.form.get(TOKEN, "").encode(), self.token.encode()):
            abort(403, "This form was not sent from this sandbox, or the sandbox was restarted. Load the page again.")


def acting(state: State, request: Request) -> User:
    """The person chosen by the switch in the header, the administrator until one is chosen.

    On Data Center a program may come to the pages with credentials: that is how files are read there.
    """
    if state.datacenter and (known := credentials.caller(state, request.headers.get("Authorization", ""))):
        return known
    chosen = state.users.get(request.cookies.get(COOKIE, ""))
    return chosen if chosen is not None and chosen.active else state.users[seed.ADMIN]


def signed_in(request: Request) -> bool:
    """Whether the request comes from somebody who was on the pages before, or with credentials."""
    return COOKIE in request.cookies or "Authorization" in request.headers


def remember(state: State, person: User | None, request: Request, response: Response) -> Response:
    """The response with the cookie of a session on Data Center, where files are for those who are signed in."""
    page = response.mimetype == "text/html" and response.status_code == HTTPStatus.OK
    if state.datacenter and person is not None and page and not signed_in(request):
        response.set_cookie(COOKIE, person.account_id, httponly=True, samesite="Lax")
    return response


def is_ours(address: str) -> bool:
    """Whether an address to go back to is one of this site."""
    return address.startswith("/") and not address.startswith("//") and "\\" not in address


def harden(response: Response) -> Response:
    """The response with headers that keep whatever people typed or uploaded from running."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
