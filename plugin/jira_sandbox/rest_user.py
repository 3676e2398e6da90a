"""The accounts of the site."""

from collections.abc import Iterable

from flask import Response, request

from jira_sandbox import people, permissions, present
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import User
from jira_sandbox.refusals import Refused, unauthenticated
from jira_sandbox.web import Resource, answer, caller, flag, number, state, view

user = Resource("user")

USERS_PAGE = 1000
GDPR = "The query parameter 'username' is not supported in GDPR strict mode."
ALL = frozenset({".", "%"})
"""What finds everybody on Data Center."""


@user.route("/user", "GET")
def read_user() -> Response:
    """One account: by account id on Cloud, by name or key on Data Center."""
    return answer(present.user(view(), _by_name() if state().datacenter else _by_account_id()))


def _by_account_id() -> User:
    if "username" in request.args or "key" in request.args:
        raise Refused(400, GDPR)
    account_id = request.args.get("accountId", "")
    found = state().users.get(account_id)
    if found is None:
        raise Refused(404, f"Specified user does not exist or you do not have required permissions ({account_id})")
    return found


def _by_name() -> User:
    name, key = request.args.get("username"), request.args.get("key")
    if name is None and key is None:
        raise Refused(400, "Either the 'username' or the 'key' query parameters need to be provided")
    found = people.by_key(state(), key) if key is not None else people.by_name(state(), name or "")
    if found is None:
        said = f"The user with the key '{key}' does not exist" if key else f"The user named '{name}' does not exist"
        raise Refused(404, said)
    return found


@user.route("/user/search", "GET", anonymous=True)
def user_search() -> Response:
    """Accounts whose name or e-mail address begins so; Cloud finds nobody for an anonymous caller, else 401."""
    if state().datacenter:
        if caller() is None:
            raise unauthenticated()
        if not request.args.get("username"):
            raise Refused(400, "The username query parameter was not provided")
    elif "query" not in request.args and "accountId" not in request.args:
        raise Refused(
            400, GDPR if "username" in request.args else "One of 'query', 'accountId' or 'property' is needed."
        )
    if not permissions.holds(state(), caller(), "USER_PICKER"):
        return answer([])
    return _users(state().users.values())


@user.route("/users/search", "GET", anonymous=True, flavours=(CLOUD,))
def all_users() -> Response:
    """All accounts; nobody, for an anonymous caller."""
    return _users(state().users.values()) if caller() else answer([])


@user.route("/user/assignable/search", "GET")
def assignable_search() -> Response:
    """Accounts to whom issues of a project, or this issue, can be assigned."""
    project = permissions.place(state(), caller(), request.args, "project")
    if project is None:
        raise Refused(400, "Either 'project', 'issueKey' or 'issueId' is needed.")
    fit = (one for one in state().users.values() if permissions.holds(state(), one, "ASSIGNABLE_USER", project))
    return _users(fit)


def _users(candidates: Iterable[User]) -> Response:
    if state().datacenter:
        query, account_id = request.args.get("username", "").lower(), None
        query = "" if query in ALL else query
        wants = {True: flag("includeActive", default=True), False: flag("includeInactive")}
    else:
        query, account_id = request.args.get("query", "").lower(), request.args.get("accountId")
        wants = {True: True, False: False}
    found = [one for one in candidates if wants[one.active] and account_id in (None, one.account_id)]
    found = [one for one in found if _begins(one, query)]
    start, limit = number("startAt", 0), number("maxResults", 50, most=USERS_PAGE)
    return answer([present.user(view(), one) for one in found[start : start + limit]])


def _begins(user: User, query: str) -> bool:
    """Whether a word of the name, the address or the id begins with the query."""
    own = people.name_of(state(), user)
    words = [user.display_name, *user.display_name.split(), user.email, own]
    return any(word.lower().startswith(query) for word in words)
