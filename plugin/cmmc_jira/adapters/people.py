"""People in Jira's answers: whoever a name means, and whoever has a project role."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_ACCOUNT_ID_LENGTH: Final = 24
_PERSON: Final = "atlassian-user-role-actor"  # the other kind is a group


def asked_for(name: str, *, cloud: bool) -> Mapping[str, str]:
    """Return the parameters that look an assignable user up by what a person wrote."""
    if not cloud:
        return {"username": name}
    if ":" in name or (len(name) == _ACCOUNT_ID_LENGTH and name.isalnum()):
        return {"accountId": name}
    return {"query": name}


def named(rows: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """Return the one active user who has this id, user name, e-mail address or display name; None if several do."""
    fitting = [row for row in rows if row["active"] and _is_named(row, name)]
    return fitting[0] if len(fitting) == 1 else None


def role_id(roles: Mapping[str, Any], name: str) -> str | None:
    """Return the id of a project role out of the roles' addresses by name; None when there is no such role."""
    found = (str(url).rpartition("/")[2] for role, url in roles.items() if _same(role, name))
    return next((id_ for id_ in found if id_.isdecimal()), None)


def members(actors: Sequence[Mapping[str, Any]], *, cloud: bool) -> Sequence[str]:
    """Return the user ids of the people among a role's actors; groups have none."""
    people = [actor for actor in actors if actor["type"] == _PERSON]
    users = ((actor["actorUser"] or {}).get("accountId") if cloud else actor["name"] for actor in people)
    return tuple(user for user in users if user)


def _is_named(row: Mapping[str, Any], name: str) -> bool:
    names = (row.get("accountId"), row.get("name"), row.get("emailAddress"), row.get("displayName"))
    return any(_same(each, name) for each in names if each)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
