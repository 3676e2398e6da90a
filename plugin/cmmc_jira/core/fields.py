"""Our field names and Jira's: ids, and one canonical text for each value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cmmc_jira.errors import JiraRefused
from cmmc_manifests.schema import FieldSpec
from cmmc_manifests.schema import fields as field_specs

SUMMARY: Final = "Summary"
DESCRIPTION: Final = "Description"
ASSIGNEE: Final = "Assignee"
DUE: Final = "Due Date"
PRIORITY: Final = "Priority"

NATIVE: Final[Mapping[str, tuple[str, str]]] = {
    SUMMARY: ("summary", "text"),
    DESCRIPTION: ("description", "paragraph"),
    ASSIGNEE: ("assignee", "user"),
    DUE: ("duedate", "date"),
    PRIORITY: ("priority", "named"),
}
STRUCTURE: Final = ("issuetype", "project", "status", "labels", "issuelinks", "attachment", "creator", "created")

_SCHEMA_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "text": frozenset({"string"}),
    "paragraph": frozenset({"string"}),
    "number": frozenset({"number"}),
    "date": frozenset({"date"}),
    "select": frozenset({"option"}),
    "checkboxes": frozenset({"array"}),
    "user": frozenset({"user"}),
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one Jira site by our names. `user_key` is how the flavour names a user."""

    ids: Mapping[str, str]
    types: Mapping[str, str]
    user_key: str

    def all_ids(self) -> Sequence[str]:
        """Return every field id that a look reads."""
        return (*STRUCTURE, *self.ids.values())

    def read(self, raw: Mapping[str, Any]) -> Mapping[str, str]:
        """Return an issue's `fields` JSON as our names with canonical text; what is empty is absent."""
        read = ((name, _read(self.types[name], raw.get(id_), self.user_key)) for name, id_ in self.ids.items())
        return {name: value for name, value in read if value is not None}

    def write(self, values: Mapping[str, str | None]) -> dict[str, Any]:
        """Return our names with canonical text as Jira's `fields` JSON; None empties a field."""
        return {self.ids[name]: _write(self.types[name], value, self.user_key) for name, value in values.items()}

    def people(self, raw: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the display name of each user that an issue's `fields` JSON names, by user id."""
        users = [raw.get(id_) for name, id_ in self.ids.items() if self.types[name] == "user"]
        return {
            str(user[self.user_key]): str(user.get("displayName") or user[self.user_key])
            for user in users
            if isinstance(user, Mapping) and user.get(self.user_key)
        }


def map_fields(raw: Iterable[Mapping[str, Any]], *, flavour: str) -> Fields:
    """Return the fields of a site from the answer of `GET /field`.

    Raises:
        JiraRefused: a field is missing, there are two of its name, or it has another type; all are named.

    """
    specs = tuple(field_specs())
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for row in raw:
        by_name.setdefault(str(row.get("name", "")), []).append(row)
    ids, types, mistakes = {}, {}, []
    missing = [spec.name for spec in specs if not by_name.get(spec.name)]
    if missing:
        mistakes.append(_absent(missing, len(specs)))
    for spec in specs:
        found = by_name.get(spec.name, [])
        if len(found) == 1 and _fits(spec, found[0]):
            ids[spec.name], types[spec.name] = str(found[0]["id"]), spec.type
        elif found:
            mistakes.append(_mistake(spec, found))
    if mistakes:
        raise JiraRefused("\n".join(mistakes))
    for name, (id_, type_) in NATIVE.items():
        ids[name], types[name] = id_, type_
    return Fields(ids=ids, types=types, user_key="accountId" if flavour == "cloud" else "name")


def _fits(spec: FieldSpec, row: Mapping[str, Any]) -> bool:
    return (row.get("schema") or {}).get("type") in _SCHEMA_TYPES[spec.type]


def _absent(names: Sequence[str], of: int) -> str:
    """Return the sentence for fields that are missing: one by one while they are few."""
    if len(names) == of:
        return "This Jira has none of the CMMC fields: run `cmmc-jira provision` to create them."
    listed = ", ".join(f'"{name}"' for name in names)
    nouns, them = ("field", "it") if len(names) == 1 else ("fields", "them")
    return f"This Jira has no {nouns} {listed}: run `cmmc-jira provision` to create {them}."


def _mistake(spec: FieldSpec, found: Sequence[Mapping[str, Any]]) -> str:
    ids = ", ".join(str(row.get("id")) for row in found)
    if len(found) > 1:
        return f'This Jira has {len(found)} fields named "{spec.name}" ({ids}): rename all but the one that is meant.'
    type_ = (found[0].get("schema") or {}).get("type")
    return (
        f'The field "{spec.name}" ({ids}) is of type {type_}, not {spec.type}: '
        "rename it, then run `cmmc-jira provision`."
    )


def _read(type_: str, value: Any, user_key: str) -> str | None:  # noqa: ANN401  whatever Jira holds in a field
    if value is None or value in ("", []):
        return None
    if type_ == "number":
        return f"{value:g}"
    if isinstance(value, Mapping):
        named = {"select": "value", "named": "name", "user": user_key}.get(type_, "value")
        text = value.get(named)
        return None if text is None else str(text)
    if isinstance(value, list):
        return ", ".join(sorted(str(row.get("value") if isinstance(row, Mapping) else row) for row in value))
    return str(value)


def _write(type_: str, value: str | None, user_key: str) -> Any:  # noqa: ANN401  Jira's JSON for a field
    if value is None:
        return [] if type_ == "checkboxes" else None
    if type_ == "number":
        return int(value) if value.lstrip("-").isdigit() else float(value)
    if type_ == "checkboxes":
        return [{"value": part} for part in value.split(", ")]
    wrapped = {"select": "value", "named": "name", "user": user_key}.get(type_)
    return value if wrapped is None else {wrapped: value}
