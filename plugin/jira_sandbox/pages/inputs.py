"""Form controls for field values, and the JSON that Jira's REST would be sent for what a form brings back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from jira_sandbox import people as names
from jira_sandbox import permissions
from jira_sandbox.records import Field, IssueType, Project, User
from jira_sandbox.state import State

EDITABLE = frozenset(
    {"summary", "rich", "line", "url", "number", "date", "datetime", "option", "options", "user", "users", "labels",
     "components", "priority", "resolution", "parent"}
)  # fmt: skip
Kept: TypeAlias = str | float | datetime | Sequence[str] | None
_CONTROLS = {
    "rich": "area", "number": "number", "date": "date", "datetime": "datetime-local", "url": "url",
    "option": "select", "user": "select", "priority": "select", "resolution": "select",
    "options": "checks", "users": "checks", "components": "checks",
}  # fmt: skip
_NOTES = {
    "labels": "Separate several with spaces.",
    "parent": "The key of the issue above this one.",
    "datetime": "In UTC.",
}
_ONE_ID = {"option": "id", "priority": "id", "resolution": "id", "parent": "key"}
_MANY_IDS = {"options": "id", "components": "id"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Input:
    """A control of a form: a `kind` of HTML input, `area`, `select` or `checks`, and what stands in it."""

    id: str
    label: str
    kind: str
    texts: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    needed: bool = False
    help: str = ""

    @property
    def text(self) -> str:
        """What stands in a control that holds one text."""
        return self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class Place:
    """The form's surroundings: options and people that can be chosen depend on them."""

    state: State
    project: Project
    type: IssueType


def control(place: Place, field: Field, texts: Sequence[str], *, needed: bool = False) -> Input:
    """The control for a field with these texts in it."""
    choices = tuple(Choice(value, label, value in texts) for value, label in _choices(place, field))
    note = _NOTES.get(field.kind, field.description)
    return Input(field.id, field.name, _CONTROLS.get(field.kind, "text"), tuple(texts), choices, needed, note)


def texts(state: State, field: Field, kept: Kept) -> tuple[str, ...]:
    """A kept value as the texts of its control."""
    if kept is None:
        return ()
    if isinstance(kept, datetime):
        return (kept.astimezone(UTC).strftime("%Y-%m-%dT%H:%M"),)
    if isinstance(kept, float):
        return (f"{kept:.15g}",)
    if isinstance(kept, str):
        parent = state.issues.get(kept) if field.kind == "parent" else None
        return (parent.key if parent else kept,)
    return (" ".join(kept),) if field.kind == "labels" else tuple(kept)


def to_json(state: State, field: Field, sent: Sequence[str]) -> object:
    """What REST would be sent for the texts of the field's control; nonsense goes on as it is, for Jira to refuse."""
    if field.kind in ("user", "users"):
        found = [_person(state, one) for one in sent if one]
        return found if field.kind == "users" else next(iter(found), None)
    if field.kind in _MANY_IDS:
        return [{_MANY_IDS[field.kind]: one} for one in sent if one]
    text = sent[0] if sent else ""
    if field.kind == "labels":
        return text.split()
    if field.kind not in {"summary", "line", "url", "rich"}:
        text = text.strip()
        if not text:
            return None
    if field.kind in _ONE_ID:
        return {_ONE_ID[field.kind]: text}
    if field.kind == "number":
        return _number(text)
    return _instant(text) if field.kind == "datetime" else text


def _person(state: State, account_id: str) -> object:
    known = state.users.get(account_id)
    return names.identity(state, known) if known else {"accountId": account_id, "name": account_id}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _instant(text: str) -> str:
    try:
        instant = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return text
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000%z")


def _choices(place: Place, field: Field) -> Iterable[tuple[str, str]]:
    state = place.state
    match field.kind:
        case "option" | "options":
            context = state.context_of(field, place.project, place.type.id)
            return [(one.id, one.value) for one in context.options if not one.disabled] if context else []
        case "user" | "users":
            return people(state, place.project, "ASSIGNABLE_USER" if field.id == "assignee" else "BROWSE_PROJECTS")
        case "priority":
            return [(one.id, one.name) for one in state.priorities.values()]
        case "resolution":
            return [(one.id, one.name) for one in state.resolutions.values()]
        case "components":
            return [(one.id, one.name) for one in state.components.values() if one.project == place.project.id]
        case _:
            return []


def people(state: State, project: Project | None = None, right: str = "") -> list[tuple[str, str]]:
    """Active accounts by name, those with a right in a project where one is named."""
    found: list[User] = [
        user
        for user in state.users.values()
        if user.active and (not right or permissions.holds(state, user, right, project))
    ]
    return [(user.account_id, user.display_name) for user in sorted(found, key=lambda user: user.display_name)]
