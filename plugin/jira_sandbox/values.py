"""Field values: from what a client sends to what the sandbox keeps, with Jira's words for what it refuses.

Kept are: texts as str, numbers as float, days as ISO dates, instants as datetime, everything with an id as that id,
and lists of these as tuples. Empty values are kept as None.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jira_sandbox import adf, people, permissions
from jira_sandbox.records import Component, Context, Field, IssueType, Kept, Option, Project, Raw, User
from jira_sandbox.state import State
from jira_sandbox.wiki import normalise

SUMMARY_LIMIT = 255
LINE_LIMIT = 255
TEXT_LIMIT = 32767


class BadValue(ValueError):
    """A value that Jira refuses, with its sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is to be set: by whom, in which project, on which issue type; `api` is 2 or 3.

    `attached` names the files that are on the issue.
    """

    state: State
    user: User
    project: Project
    type: IssueType
    api: int = 2
    attached: frozenset[str] = frozenset()


def parse(place: Place, field: Field, raw: Raw) -> Kept:
    """The value as the sandbox keeps it, None for an empty one; raises `BadValue`."""
    if raw is None:
        if field.kind == "summary":
            raise BadValue("You must specify a summary of the issue.")
        return None
    return _PARSERS[field.kind](place, field, raw)


def _string(raw: Raw) -> str:
    if not isinstance(raw, str):
        raise BadValue("Operation value must be a string")
    return raw


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadValue(f"The entered text is too long. It exceeds the allowed limit of {limit:,} characters.")
    return text


def _summary(_: Place, __: Field, raw: Raw) -> str:
    text = _string(raw).strip()
    if not text:
        raise BadValue("You must specify a summary of the issue.")
    if len(text) > SUMMARY_LIMIT:
        raise BadValue(f"Summary can't exceed {SUMMARY_LIMIT} characters.")
    if "\n" in text or "\r" in text:
        raise BadValue("The summary is invalid because it contains newline characters.")
    return text


def rich_text(state: State, raw: Raw, api: int, attached: frozenset[str] = frozenset()) -> str:
    """A rich text as it is kept: wiki markup in version 2 of the API, an Atlassian document in version 3.

    Cloud keeps it in its own spelling, Data Center as it was written. `attached` names the files on the issue.
    """
    if api == adf.API:
        if not isinstance(raw, Mapping):
            raise BadValue("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
        try:
            text = adf.to_text(raw)
        except ValueError as unknown:
            raise BadValue(str(unknown)) from None
    else:
        text = _string(raw)
    kept = _limited(text, TEXT_LIMIT)
    return kept if state.datacenter else normalise(kept, attached=attached)


def _rich(place: Place, _: Field, raw: Raw) -> str | None:
    return rich_text(place.state, raw, place.api, place.attached) or None


def _line(_: Place, __: Field, raw: Raw) -> str | None:
    text = _string(raw)
    if "\n" in text or "\r" in text:
        raise BadValue("The text is invalid because it contains newline characters.")
    return _limited(text, LINE_LIMIT) or None


def _url(_: Place, __: Field, raw: Raw) -> str | None:
    text = _string(raw)
    if text and not re.match(r"[a-z][a-z0-9+.-]*://\S+$", text, re.IGNORECASE):
        raise BadValue("Not a valid URL")
    return text or None


def _number(_: Place, __: Field, raw: Raw) -> float:
    if not isinstance(raw, (int, float)) or isinstance(raw, bool):
        raise BadValue("Operation value must be a number")
    return float(raw)


def _date(_: Place, __: Field, raw: Raw) -> str | None:
    text = _string(raw)
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise BadValue(f"Operation value must be of the format \"yyyy-MM-dd\": '{text}'") from None


def _datetime(_: Place, __: Field, raw: Raw) -> datetime:
    text = _string(raw)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except ValueError:
        raise BadValue(f"Error parsing time: {text}") from None


def _context(place: Place, field: Field) -> Context:
    context = place.state.context_of(field, place.project, place.type.id)
    if context is None:
        raise BadValue(f"Field '{field.id}' cannot be set. It is not on the appropriate screen, or unknown.")
    return context


def _find_option(context: Context, raw: Raw) -> Option:
    if not isinstance(raw, Mapping):
        raise BadValue("Specify a valid 'id' or 'name' for the option")
    if "id" in raw:
        found = next((one for one in context.options if one.id == str(raw["id"]) and not one.disabled), None)
        if found is None:
            raise BadValue(f"Option id '{raw['id']}' is not valid")
        return found
    if not isinstance(raw.get("value"), str):
        raise BadValue("Could not find valid 'id' or 'value' in the Parent Option object.")
    found = next((one for one in context.options if one.value == raw["value"] and not one.disabled), None)
    if found is None:
        raise BadValue(f"Option value '{raw['value']}' is not valid")
    return found


def _option(place: Place, field: Field, raw: Raw) -> str:
    return _find_option(_context(place, field), raw).id


def _list(raw: Raw) -> list[Any]:
    if not isinstance(raw, list):
        raise BadValue("data was not an array")
    return raw


def _options(place: Place, field: Field, raw: Raw) -> tuple[str, ...] | None:
    context = _context(place, field)
    chosen = {_find_option(context, one).id for one in _list(raw)}
    return tuple(option.id for option in context.options if option.id in chosen) or None


def _account(place: Place, raw: Raw) -> User | None:
    """The user that the value names; None where it names nobody on purpose."""
    try:
        return people.chosen(place.state, raw)
    except people.BadPerson as bad:
        raise BadValue(str(bad)) from None


def _user(place: Place, field: Field, raw: Raw) -> str | None:
    user = _account(place, raw)
    if user is None:
        return None
    if field.id == "assignee" and not permissions.holds(place.state, user, "ASSIGNABLE_USER", place.project):
        raise BadValue(f"User '{user.display_name}' cannot be assigned issues.")
    if field.id == "reporter" and not permissions.holds(place.state, user, "BROWSE_PROJECTS", place.project):
        raise BadValue("The reporter specified is not a user.")
    if not user.active:
        raise BadValue(f"User '{user.display_name}' is not active.")
    return user.account_id


def _users(place: Place, _: Field, raw: Raw) -> tuple[str, ...] | None:
    found = [user.account_id for one in _list(raw) if (user := _account(place, one)) is not None]
    return tuple(dict.fromkeys(found)) or None


def _label(raw: Raw) -> str:
    text = _string(raw)
    if not text or re.search(r"\s", text):
        raise BadValue(f"The label '{text}' contains spaces which is invalid.")
    if len(text) > LINE_LIMIT:
        raise BadValue(f"The label '{text}' exceeds the maximum length for a single label, which is 255 characters.")
    return text


def _labels(_: Place, __: Field, raw: Raw) -> tuple[str, ...] | None:
    return tuple(sorted({_label(one) for one in _list(raw)})) or None


def _component(place: Place, raw: Raw) -> Component:
    if not isinstance(raw, Mapping):
        raise BadValue("data was not an object")
    mine = [one for one in place.state.components.values() if one.project == place.project.id]
    for key in ("id", "name"):
        if key in raw:
            found = next((one for one in mine if getattr(one, key) == str(raw[key])), None)
            if found is None:
                raise BadValue(f"Component {key} '{raw[key]}' is not valid")
            return found
    raise BadValue("Component name or id must be specified")


def _components(place: Place, _: Field, raw: Raw) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(_component(place, one).id for one in _list(raw))) or None


def _chosen(raw: Raw, found: Mapping[str, Any], sentence: str) -> str:
    """The id of the record that `{"id": …}` or `{"name": …}` names."""
    if not isinstance(raw, Mapping):
        raise BadValue("data was not an object")
    for one in found.values():
        if ("id" in raw and one.id == str(raw["id"])) or ("id" not in raw and one.name == raw.get("name")):
            return str(one.id)
    raise BadValue(sentence)


def _priority(place: Place, _: Field, raw: Raw) -> str:
    return _chosen(raw, place.state.priorities, "The priority selected is invalid.")


def _resolution(place: Place, _: Field, raw: Raw) -> str:
    return _chosen(raw, place.state.resolutions, "The resolution selected is invalid.")


def _security(place: Place, _: Field, raw: Raw) -> str:
    return _chosen(raw, place.state.security_levels, "The level selected is invalid.")


def _epic(place: Place, _: Field, raw: Raw) -> str | None:
    text = _string(raw)
    issue = place.state.find_issue(text)
    if issue is None or place.state.issue_types[issue.type].level != 1:
        raise BadValue(f"Issue '{text}' is not a valid epic.")
    return issue.key


def _parent(place: Place, _: Field, raw: Raw) -> str:
    if not isinstance(raw, Mapping) or not ({"id", "key"} & raw.keys()):
        raise BadValue("data was not an object")
    issue = place.state.find_issue(str(raw.get("id", raw.get("key"))))
    if issue is None or not permissions.sees(place.state, place.user, issue):
        raise BadValue("Could not find issue by id or key.")
    if place.state.issue_types[issue.type].level != place.type.level + 1:
        raise BadValue("Given parent work item does not belong to appropriate hierarchy.")
    return issue.id


_PARSERS: dict[str, Callable[[Place, Field, Any], Any]] = {
    "summary": _summary,
    "rich": _rich,
    "line": _line,
    "url": _url,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "option": _option,
    "options": _options,
    "user": _user,
    "users": _users,
    "labels": _labels,
    "components": _components,
    "priority": _priority,
    "resolution": _resolution,
    "parent": _parent,
    "security": _security,
    "epic": _epic,
}


Shown = tuple[str | None, str | None]


def shown(state: State, field: Field, value: Kept) -> Shown:
    """The value as a changelog has it: its id, if it has one, and what people read."""
    if value is None:
        return ("", "") if field.kind in ("labels", "options") else (None, None)
    show = _SHOWN.get(field.kind)
    return (None, value) if show is None else show(state, value)


def _option_names(state: State) -> dict[str, str]:
    return {option.id: option.value for context in state.contexts.values() for option in context.options}


def _shown_options(state: State, value: Kept) -> Shown:
    names = _option_names(state)
    return f"[{', '.join(value)}]", ",".join(names[one] for one in value)


def _shown_parent(state: State, value: Kept) -> Shown:
    return value, state.issues[value].key if value in state.issues else None


def _user_id(state: State, account_id: str) -> str:
    return state.users[account_id].key if state.datacenter else account_id


def _shown_users(state: State, value: Kept) -> Shown:
    ids = ", ".join(_user_id(state, one) for one in value)
    return f"[{ids}]", ", ".join(state.users[one].display_name for one in value)


_SHOWN: dict[str, Callable[[State, Kept], Shown]] = {
    "option": lambda state, value: (value, _option_names(state)[value]),
    "options": _shown_options,
    "user": lambda state, value: (_user_id(state, value), state.users[value].display_name),
    "users": _shown_users,
    "labels": lambda _, value: ("", " ".join(value)),
    "components": lambda state, value: (",".join(value), ", ".join(state.components[one].name for one in value)),
    "priority": lambda state, value: (value, state.priorities[value].name),
    "resolution": lambda state, value: (value, state.resolutions[value].name),
    "parent": _shown_parent,
    "security": lambda state, value: (value, state.security_levels[value].name),
    "date": lambda _, value: (value, value),
    "number": lambda _, value: (None, f"{value:g}"),
    "datetime": lambda _, value: (value.isoformat(), value.isoformat()),
}
