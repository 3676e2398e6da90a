"""What a create, edit or transition asks for: `fields`, `update` and `properties`, read and checked as Jira does."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jira_sandbox import catalogue, values
from jira_sandbox.records import Field, Issue, Kept, Raw
from jira_sandbox.refusals import Refused, bad_payload, fields_refused
from jira_sandbox.values import BadValue, Place

PROPERTY_LIMIT = 32768
PROPERTY_KEY_LIMIT = 255
DETAILS = frozenset({"fields", "update", "properties", "transition", "historyMetadata"})


@dataclass(slots=True)
class Draft:
    """Checked changes: new field values by id, and what `update` adds beside them."""

    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    comments: list[Mapping[str, Any]] = dataclasses.field(default_factory=list)
    links: list[Mapping[str, Any]] = dataclasses.field(default_factory=list)
    properties: dict[str, Any] = dataclasses.field(default_factory=dict)


def details(body: Raw) -> Mapping[str, Any]:
    """The body of a create, edit or transition; refuses what is not an object of Jira's keys."""
    if not isinstance(body, dict) or body.keys() - DETAILS:
        raise bad_payload()
    for name in ("fields", "update"):
        if not isinstance(body.get(name) or {}, dict):
            raise bad_payload()
    return body


def read(place: Place, body: Mapping[str, Any], allowed: Sequence[Field], *, before: Issue | None = None) -> Draft:
    """The draft, or one refusal with a sentence for every field that is wrong."""
    draft = Draft(properties=properties(body.get("properties")))
    errors: dict[str, str] = {}
    known = {one.id: one for one in allowed}
    fields, update = body.get("fields") or {}, body.get("update") or {}
    for name in fields.keys() & update.keys():
        errors[name] = f"Field '{name}' cannot be set both in 'fields' and in 'update'."
    for name, raw in fields.items():
        try:
            draft.values[name] = values.parse(place, _settable(known, name), raw)
        except BadValue as bad:
            errors.setdefault(name, str(bad))
    for name, operations in update.items():
        try:
            _update(place, draft, _Target(name, known, before), operations)
        except BadValue as bad:
            errors.setdefault(name, str(bad))
    if errors:
        raise fields_refused(errors)
    return draft


def _settable(known: Mapping[str, Field], name: str) -> Field:
    if name not in known or name in ("attachment", "issuelinks", "comment"):
        raise BadValue(f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.")
    return known[name]


@dataclass(frozen=True, slots=True)
class _Target:
    """What an `update` is about: a field's name, the fields that may be set, the issue as it was."""

    name: str
    known: Mapping[str, Field]
    before: Issue | None


def _update(place: Place, draft: Draft, target: _Target, operations: Raw) -> None:
    if not isinstance(operations, list) or not all(isinstance(one, dict) and len(one) == 1 for one in operations):
        raise BadValue("Operations must be an array of objects with one operation each")
    name, verbs = target.name, [next(iter(one)) for one in operations]
    if name == "comment" or (name == "issuelinks" and name in target.known):
        _demand_supported(name, verbs, ("add",))
        kept = draft.comments if name == "comment" else draft.links
        kept.extend(_mapping(one["add"]) for one in operations)
        return
    field = _settable(target.known, name)
    _demand_supported(name, verbs, catalogue.KINDS[field.kind].operations)
    present = target.before.values.get(name) if target.before else None
    for one, verb in zip(operations, verbs, strict=True):
        present = _operated(place, field, present, (verb, one[verb]))
    draft.values[name] = present


def _demand_supported(name: str, verbs: Sequence[str], supported: Sequence[str]) -> None:
    for verb in verbs:
        if verb not in supported:
            raise BadValue(
                f"Field '{name}' does not support operation '{verb}' Supported operation(s) are: {', '.join(supported)}"
            )


def _operated(place: Place, target: Field, present: Kept, operation: tuple[str, Raw]) -> Kept:
    verb, raw = operation
    if verb == "set":
        return values.parse(place, target, raw)
    changed = values.parse(place, target, [raw]) or ()
    if verb == "add":
        found = tuple(dict.fromkeys((*(present or ()), *changed)))
        return tuple(sorted(found)) if target.kind == "labels" else found
    return tuple(one for one in present or () if one not in changed) or None


def _mapping(raw: Raw) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise BadValue("data was not an object")
    return raw


def properties(raw: Raw) -> dict[str, Any]:
    """Entity properties as a create or an edit carries them: a list of `{"key": …, "value": …}`."""
    if raw is None:
        return {}
    if not isinstance(raw, list) or not all(isinstance(one, dict) and one.keys() == {"key", "value"} for one in raw):
        raise bad_payload()
    found: dict[str, Any] = {}
    for one in raw:
        check_property(one["key"], one["value"])
        found[one["key"]] = one["value"]
    return found


def check_property(key: Raw, value: Raw) -> None:
    """Refuse a property's key or value that Jira refuses."""
    if not isinstance(key, str) or not 0 < len(key) <= PROPERTY_KEY_LIMIT:
        raise Refused(400, f"The property key must be from 1 to {PROPERTY_KEY_LIMIT} characters long.")
    if len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) > PROPERTY_LIMIT:
        raise Refused(400, f"The property value must not be longer than {PROPERTY_LIMIT} characters.")
