"""Who asks: the account that a request's credentials belong to, and how each flavour takes wrong ones."""

import base64
import binascii
import hmac

from jira_sandbox import people
from jira_sandbox.records import User
from jira_sandbox.refusals import Refused, not_authenticated
from jira_sandbox.state import State

ATTEMPTS = 3
"""Wrong passwords in a row, after which Jira Data Center wants a captcha: its setting as it is delivered."""
_PAGE = (
    "<html><head><title>{title}</title></head><body><h1>{title}</h1>"
    "<p>Encountered a <code>{reason}</code> error while loading this page.</p></body></html>"
)


def caller(state: State, header: str) -> User | None:
    """The account of an `Authorization` header, None for an anonymous request.

    Wrong credentials make a request anonymous on Cloud; Data Center refuses them, and a locked account.
    """
    scheme, _, rest = header.partition(" ")
    match scheme.lower():
        case "bearer":
            found = _holder(state, None, rest.strip())
            if found is None and state.datacenter:
                raise not_authenticated()
            return found
        case "basic":
            login, token = _pair(rest)
            return _by_password(state, login, token) if state.datacenter else _holder(state, login, token)
        case _:
            return None


def _pair(encoded: str) -> tuple[str, str]:
    try:
        login, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return login, token


def _holder(state: State, login: str | None, token: str) -> User | None:
    for user in state.users.values():
        fits = hmac.compare_digest(user.token.encode(), token.encode())
        if fits and login in (None, people.login_of(state, user)) and user.active:
            return user
    return None


def _by_password(state: State, login: str, password: str) -> User:
    """Seraph's basic authentication: 403 for an account that needs a captcha, 401 for a wrong password."""
    known = people.by_name(state, login)
    if known is not None and locked(state, known):
        address = f"{state.base_url}/login.jsp"
        raise _refused(
            403,
            "AUTHENTICATION_DENIED",
            {"X-Authentication-Denied-Reason": f"CAPTCHA_CHALLENGE; login-url={address}"},
        )
    user = _holder(state, known.name, password) if known is not None else None
    if user is None:
        if known is not None:
            state.failed_logins[known.account_id] += 1
        raise _refused(401, "AUTHENTICATED_FAILED", {})
    state.failed_logins.pop(user.account_id, None)
    return user


def locked(state: State, user: User) -> bool:
    """Whether the account may log in again only with a captcha; a token sent as bearer needs none."""
    return state.failed_logins[user.account_id] >= ATTEMPTS


def _refused(status: int, reason: str, headers: dict[str, str]) -> Refused:
    title = f"Basic Authentication Failure - Reason : {reason}"
    own = {"X-Seraph-LoginReason": reason, "WWW-Authenticate": 'OAuth realm="jira"'}
    return Refused(status, body=_PAGE.format(title=title, reason=status), headers={**own, **headers})
