"""Our field names and Jira's: ids, and one canonical text for each value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cmmc_jira.core.defaults import Extras, extras, named
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.jql import quoted
from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping, Tie, Way
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
EPIC_LINK: Final = "com.pyxis.greenhopper.jira:gh-epic-link"
"""Data Center's field that holds the key of an issue's epic; on Cloud its REST fields are gone and `parent` has it."""

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
    """The fields of one Jira site by our names. `user_key` is how the flavour names a user.

    `mapping` is how the project differs from what ships, `extras` are the values that it gives to fields of others.
    `parent_id` is the field that names an issue's parent or epic, where that and no link ties ours to the assessment.
    `renamed` is what this Jira calls fields of ours that have another name here.
    """

    ids: Mapping[str, str]
    types: Mapping[str, str]
    user_key: str
    mapping: ProjectMapping = AS_SHIPPED
    extras: Extras = field(default_factory=Extras)
    parent_id: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)

    def all_ids(self) -> Sequence[str]:
        """Return every field id that a look reads."""
        return (*STRUCTURE, *self.family_ids(), *self.ids.values())

    def family_ids(self) -> Sequence[str]:
        """Return the field ids that tell an issue's parent, and what it is the parent of; none where links do."""
        return (self.parent_id, "subtasks") if self.parent_id else ()

    def children_of(self, key: str) -> str:
        """Return the JQL clause of the issues whose parent or epic this is; empty where links tie ours."""
        clause = f"cf[{self.parent_id.removeprefix('customfield_')}]" if self.parent_id != "parent" else self.parent_id
        return f"{clause} = {quoted(key)}" if self.parent_id else ""

    def way(self, kind: Kind, category: Category) -> Way:
        """Return how this project gets an issue of ours to a status of the category."""
        route = self.mapping.workflow_of(kind).routes.get(category, ())
        return Way(route, self.extras.moves.get(kind.key, {}), self.extras.creates.get(kind.key, {}))

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


def map_fields(raw: Iterable[Mapping[str, Any]], *, flavour: str, mapping: ProjectMapping = AS_SHIPPED) -> Fields:
    """Return the fields of a site from the answer of `GET /field`.

    Raises:
        JiraRefused: a field is missing, there are two of its name, or it has another type; or a value of the mapping
            fits none. All are named.

    """
    rows, specs = list(raw), tuple(field_specs())
    ids, types, mistakes = {}, {}, []
    found = {spec.name: named(rows, mapping.field_name(spec.name)) for spec in specs}
    missing = [name for name, meant in found.items() if not meant and name not in mapping.fields]
    if missing:
        mistakes.append(_absent(missing, len(specs)))
    for spec in specs:
        meant, shown = found[spec.name], _shown(spec.name, mapping)
        if len(meant) == 1 and _fits(spec, meant[0]):
            ids[spec.name], types[spec.name] = str(meant[0]["id"]), spec.type
        elif meant:
            mistakes.append(_mistake(spec, shown, meant))
        elif spec.name in mapping.fields:
            mistakes.append(
                f"{mapping.where}: this Jira has no field {shown}: write its name as Jira shows it, or its id."
            )
    mistakes += _twice(ids, mapping)
    values = extras(rows, mapping, mistakes)
    parent_id = _parent_id(rows, mapping, flavour, mistakes)
    if mistakes:
        raise JiraRefused("\n".join(mistakes))
    for name, (id_, type_) in NATIVE.items():
        ids[name], types[name] = id_, type_
    user_key = "accountId" if flavour == "cloud" else "name"
    called = {name: str(meant[0].get("name")) for name, meant in found.items()}
    renamed = {name: here for name, here in called.items() if here != name}
    return Fields(ids, types, user_key, mapping=mapping, extras=values, parent_id=parent_id, renamed=renamed)


def _shown(name: str, mapping: ProjectMapping) -> str:
    """Return a field of ours as a sentence names it: by this Jira's name, and by ours where that is another."""
    here = mapping.field_name(name)
    return f'"{name}"' if here == name else f'"{here}" (our "{name}")'


def _twice(ids: Mapping[str, str], mapping: ProjectMapping) -> list[str]:
    """Return a sentence for each field that two of ours would share."""
    owner: dict[str, str] = {}
    return [
        f'{mapping.where}: "{owner[id_]}" and "{name}" are both the field {id_}: give each a field of its own.'
        for name, id_ in ids.items()
        if owner.setdefault(id_, name) != name
    ]


def _parent_id(rows: Sequence[Mapping[str, Any]], mapping: ProjectMapping, flavour: str, mistakes: list[str]) -> str:
    """Return the field that ties an issue to its parent: the one of Jira itself, or Data Center's Epic Link."""
    if mapping.tie is Tie.LINK:
        return ""
    if mapping.tie is Tie.PARENT or flavour == "cloud":
        return "parent"
    ids = [str(row["id"]) for row in rows if (row.get("schema") or {}).get("custom") == EPIC_LINK]
    if not ids:
        mistakes.append(f"{mapping.where}: link is epic, and this Jira has no field Epic Link: write link: parent.")
    return ids[0] if ids else ""


def _fits(spec: FieldSpec, row: Mapping[str, Any]) -> bool:
    return (row.get("schema") or {}).get("type") in _SCHEMA_TYPES[spec.type]


def _absent(names: Sequence[str], of: int) -> str:
    """Return the sentence for fields that are missing: one by one while they are few."""
    if len(names) == of:
        return "This Jira has none of the CMMC fields: run `cmmc-jira provision` to create them."
    listed = ", ".join(f'"{name}"' for name in names)
    nouns, them = ("field", "it") if len(names) == 1 else ("fields", "them")
    return f"This Jira has no {nouns} {listed}: run `cmmc-jira provision` to create {them}."


def _mistake(spec: FieldSpec, shown: str, found: Sequence[Mapping[str, Any]]) -> str:
    ids = ", ".join(str(row.get("id")) for row in found)
    if len(found) > 1:
        mend = "rename all but the one that is meant, or map it by its id"
        return f"This Jira has {len(found)} fields named {shown} ({ids}): {mend}."
    type_ = (found[0].get("schema") or {}).get("type")
    mend = "rename it, then run `cmmc-jira provision`" if shown == f'"{spec.name}"' else "name another field for it"
    return f"The field {shown} ({ids}) is of type {type_}, not {spec.type}: {mend}."


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
