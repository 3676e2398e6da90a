"""How people are named in what crosses HTTP: by account id on Cloud, by user name and key on Data Center.

Inside the sandbox everybody is known by the account id, whatever the flavour.
"""

from collections.abc import Mapping

from jira_sandbox.records import Raw, User
from jira_sandbox.state import State

GDPR = "'accountId' must be the only user identifying query parameter in GDPR strict mode."


class BadPerson(ValueError):
    """A value that names nobody, with Jira's sentence."""


def by_name(state: State, name: str) -> User | None:
    """The user of this name on Data Center, whatever its case."""
    return next((one for one in state.users.values() if one.name == name.lower()), None)


def by_key(state: State, key: str) -> User | None:
    """The user of this key on Data Center."""
    return next((one for one in state.users.values() if one.key == key), None)


def named(state: State, name: str) -> User | None:
    """The user whom a client names so: an account id on Cloud, a user name on Data Center."""
    return by_name(state, name) if state.datacenter else state.users.get(name)


def name_of(state: State, user: User) -> str:
    """The name by which a client names the user."""
    return user.name if state.datacenter else user.account_id


def login_of(state: State, user: User) -> str:
    """What the user gives as the name of basic authentication: the e-mail address on Cloud."""
    return user.name if state.datacenter else user.email


def identity(state: State, user: User) -> dict[str, str]:
    """What tells a user in Jira's JSON."""
    if state.datacenter:
        return {"key": user.key, "name": user.name}
    return {"accountId": user.account_id}


def chosen(state: State, raw: Raw) -> User | None:
    """The user that an object in a request names; None where it names nobody on purpose, by a null or empty name."""
    if not isinstance(raw, Mapping):
        raise BadPerson("data was not an object")
    return _on_datacenter(state, raw) if state.datacenter else _on_cloud(state, raw)


def _on_cloud(state: State, raw: Mapping[str, Raw]) -> User | None:
    if any(raw.get(old) is not None for old in ("name", "key", "username")) and not {"accountId", "id"} & raw.keys():
        raise BadPerson(GDPR)
    account_id = raw.get("accountId", raw.get("id"))
    if account_id is None:
        return None
    user = state.users.get(str(account_id))
    if user is None:
        raise BadPerson(f"User '{account_id}' does not exist.")
    return user


def _on_datacenter(state: State, raw: Mapping[str, Raw]) -> User | None:
    if "name" not in raw:
        raise BadPerson("expected Object containing a 'name' property")
    name = raw["name"]
    if name is None or name == "":
        return None
    if not isinstance(name, str):
        raise BadPerson("expected 'name' property to be a string")
    user = by_name(state, name)
    if user is None:
        raise BadPerson(f"User '{name}' does not exist.")
    return user
