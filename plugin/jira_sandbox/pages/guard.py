"""Who acts, and whether a form comes from our own pages."""

import hmac
import secrets
from dataclasses import dataclass, field

from flask import Request, Response, abort

from jira_sandbox import seed
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
    """The person chosen by the switch in the header, the administrator until one is chosen."""
    chosen = state.users.get(request.cookies.get(COOKIE, ""))
    return chosen if chosen is not None and chosen.active else state.users[seed.ADMIN]


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
