"""Values in JQL: what an issue holds in a field, and what the words of a query mean there."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jira_sandbox import people, permissions, seed
from jira_sandbox.jql import Empty, Function, Operand, Value
from jira_sandbox.records import Field, Issue, Kept, User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State

Span = tuple[datetime, datetime]

_ABSOLUTE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$")
_RELATIVE = re.compile(r"([+-]?)(\d+)([wdhm])$")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose eyes a query looks through; None is anonymous."""

    state: State
    user: User | None

    def zone(self) -> ZoneInfo:
        """The zone that dates in the query are read in."""
        return ZoneInfo(self.user.timezone if self.user else "Etc/UTC")


def values_of(state: State, field: Field, issue: Issue) -> tuple[Any, ...]:
    """What the issue holds in the field, in the form that `meant` gives; nothing where it is empty."""
    own = _OWN.get(field.id)
    return _stored(field, issue.values.get(field.id)) if own is None else own(state, issue)


_OWN: Mapping[str, Callable[[State, Issue], tuple[Any, ...]]] = {
    "key": lambda _, issue: (issue.key,),
    "project": lambda _, issue: (issue.project,),
    "issuetype": lambda _, issue: (issue.type,),
    "status": lambda _, issue: (issue.status,),
    "statusCategory": lambda state, issue: (state.statuses[issue.status].category,),
    "creator": lambda _, issue: (issue.creator,),
    "created": lambda _, issue: (issue.created,),
    "updated": lambda _, issue: (issue.updated,),
    "statuscategorychangedate": lambda _, issue: (issue.status_changed,),
    "resolutiondate": lambda _, issue: (issue.resolved,) if issue.resolved else (),
    "attachment": lambda _, issue: issue.attachments,
}


def _stored(field: Field, value: Kept) -> tuple[Any, ...]:
    if value is None or value in ("", ()):
        return ()
    many = value if isinstance(value, tuple) else (value,)
    return tuple(one.lower() for one in many) if field.kind in ("labels", "url") else many


def texts_of(state: State, field: Field, issue: Issue) -> list[str]:
    """The texts that `~` looks through; the field `text` stands for all of them."""
    if field.kind == "comments":
        return [comment.body for comment in issue.comments]
    if field.kind != "text":
        return [issue.values.get(field.id, "")]
    found = [issue.values.get(one.id, "") for one in state.fields.values() if one.kind in ("summary", "rich", "line")]
    return found + [comment.body for comment in issue.comments]


def meant(asker: Asker, field: Field, name: str, operand: Operand) -> set[Any]:
    """The values that the operand stands for in the field; refuses what does not exist, as Jira does."""
    if isinstance(operand, Empty):
        raise Refused(400, f"The field '{name}' cannot be compared with EMPTY by this operator.")
    if field.kind == "date":
        return {_day(asker, name, operand)}
    if isinstance(operand, Function):
        if operand.name.lower() == "currentuser" and not operand.arguments and field.kind in ("user", "users"):
            return {asker.user.account_id} if asker.user else set()
        raise _no_function(operand)
    return _named(asker, field, name, operand.text)


def _no_function(function: Function) -> Refused:
    return Refused(400, f"Unable to find JQL function '{function.name}({', '.join(function.arguments)})'.")


def _named(asker: Asker, field: Field, name: str, text: str) -> set[Any]:
    state = asker.state
    match field.kind:
        case "key" | "parent" | "epic":
            issue = state.find_issue(text)
            if issue is None or not permissions.sees(state, asker.user, issue):
                raise Refused(400, f"An issue with key '{text}' does not exist for field '{name}'.")
            return {issue.id if field.kind == "parent" else issue.key}
        case "labels" | "url":
            return {text.lower()}
        case "number":
            try:
                return {float(text)}
            except ValueError:
                raise Refused(400, f"Value '{text}' is invalid for the '{name}' field. Enter a number.") from None
        case "option" | "options":
            found = {
                option.id
                for context in state.contexts.values()
                if context.field == field.id
                for option in context.options
                if text in (option.id, option.value) or text.lower() == option.value.lower()
            }
            if not found:
                raise Refused(400, f"The option '{text}' for field '{name}' does not exist.")
            return found
        case _:
            return _listed(asker, field, name, text)


def _listed(asker: Asker, field: Field, name: str, text: str) -> set[Any]:
    wanted = text.lower()
    found = {id_ for id_, names in _names(asker, field.kind) if wanted in (one.lower() for one in names)}
    if not found:
        raise Refused(400, f"The value '{text}' does not exist for the field '{name}'.")
    return found


def _names(asker: Asker, kind: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Ids with the words that name them, by kind of field; only what the asker may see."""
    state = asker.state
    match kind:
        case "project":
            visible = (
                one for one in state.projects.values() if permissions.holds(state, asker.user, "BROWSE_PROJECTS", one)
            )
            return ((one.id, (one.id, one.key, one.name)) for one in visible)
        case "issuetype":
            return ((one.id, (one.id, one.name)) for one in state.issue_types.values())
        case "status":
            return ((one.id, (one.id, one.name)) for one in state.statuses.values())
        case "category":
            return ((one.key, (str(one.id), one.key, one.name)) for one in seed.CATEGORIES)
        case "priority":
            return ((one.id, (one.id, one.name)) for one in state.priorities.values())
        case "resolution":
            return ((one.id, (one.id, one.name)) for one in state.resolutions.values())
        case "components":
            return ((one.id, (one.id, one.name)) for one in state.components.values())
        case _:
            return ((one.account_id, _person_names(state, one)) for one in state.users.values())


def _person_names(state: State, user: User) -> tuple[str, ...]:
    own = people.name_of(state, user)
    return (own, user.display_name, user.email if user.email_visible else own)


def span(asker: Asker, name: str, operand: Operand) -> Span:
    """The minute that a date in a query means, in the asker's zone."""
    instant = _instant(asker, name, operand).replace(second=0, microsecond=0)
    return instant, instant + timedelta(minutes=1)


def _day(asker: Asker, name: str, operand: Operand) -> str:
    return _instant(asker, name, operand).astimezone(asker.zone()).date().isoformat()


def _instant(asker: Asker, name: str, operand: Operand) -> datetime:
    now = asker.state.clock.now()
    if isinstance(operand, Function):
        if operand.name.lower() == "now" and not operand.arguments:
            return now
        raise _no_function(operand)
    text = operand.text if isinstance(operand, Value) else "EMPTY"
    if relative := _RELATIVE.match(text):
        sign, number, unit = relative.groups()
        return now + timedelta(**{_UNITS[unit]: int(number)}) * (-1 if sign == "-" else 1)
    if absolute := _ABSOLUTE.match(text):
        try:
            year, month, day, hour, minute = (int(part or 0) for part in absolute.groups())
            return datetime(year, month, day, hour, minute, tzinfo=asker.zone())
        except ValueError:
            pass
    raise Refused(
        400,
        f"Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    )
