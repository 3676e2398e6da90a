"""Values that the organisation gives to fields that are not ours, as Jira wants them for each field's type.

https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/ (setting custom field data)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final

from cmmc_jira.core.mapping import ProjectMapping

_NAMED: Final = frozenset({"priority", "resolution", "version", "component", "group", "securitylevel"})
_CASCADE: Final = 2

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by whatever name the settings give: an id, a user name or an e-mail address."""

    name: str


@dataclass(frozen=True, slots=True)
class Extras:
    """Values by issue type and field id: `creates` for new issues, `moves` for the screens of transitions."""

    creates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    moves: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def settled(self, user: Callable[[str], Mapping[str, str]]) -> "Extras":
        """Return the values with every `Somebody` as Jira's JSON for that user."""
        return Extras(_settled(self.creates, user), _settled(self.moves, user))


class WrongValueError(ValueError):
    """A value that a field of its type cannot hold; the sentence says what it could."""


def named(raw: Iterable[Row], name: str) -> Sequence[Row]:
    """Return the fields of a site that a name or an id means: one, unless the name is nobody's or several fields'."""
    rows = list(raw)
    return [row for row in rows if row.get("id") == name] or [row for row in rows if row.get("name") == name]


def extras(raw: Iterable[Row], mapping: ProjectMapping, mistakes: list[str]) -> Extras:
    """Return the values that a mapping gives, typed by the site's fields; whatever does not fit is a mistake."""
    rows = list(raw)
    creates = {key: dict(_values(rows, mapping, key, given, mistakes)) for key, given in mapping.defaults.items()}
    moves = {key: dict(_values(rows, mapping, key, w.fields, mistakes)) for key, w in mapping.workflow.items()}
    return Extras(creates, moves)


def _values(
    rows: Sequence[Row], mapping: ProjectMapping, key: str, given: Mapping[str, Any], mistakes: list[str]
) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        where = f'{mapping.where}, {key}: the field "{name}"'
        found = named(rows, name)
        if len(found) > 1:
            ids = ", ".join(str(row["id"]) for row in found)
            mistakes.append(
                f"{where} is the name of {len(found)} fields ({ids}): write the id of the one that is meant."
            )
        elif not found:
            near = get_close_matches(name, [str(row.get("name")) for row in rows], n=1)
            mend = f'did you mean "{near[0]}"?' if near else "write its name as Jira shows it, or its id."
            mistakes.append(f"{where} is none of this Jira's; {mend}")
        else:
            try:
                yield str(found[0]["id"]), typed(value, found[0].get("schema") or {})
            except WrongValueError as wrong:
                mistakes.append(f"{where} {wrong}.")


def typed(value: Any, schema: Row) -> Any:  # noqa: ANN401  what YAML holds, and Jira's JSON for it
    """Return a value as Jira's JSON for a field of this schema; what is written as JSON already stays as it is.

    Raises:
        WrongValueError: a field of this type cannot hold it.

    """
    if isinstance(value, Mapping):
        return _json(value)
    type_ = str(schema.get("type") or "any")
    if type_ == "array":
        items = value if isinstance(value, list | tuple) else [value]
        return [typed(item, {"type": schema.get("items") or "string"}) for item in items]
    if type_ == "option-with-child":
        return _cascade(value)
    if isinstance(value, list | tuple):
        raise WrongValueError(f"takes one value, not a list of {len(value)}: write one")
    match type_:
        case "number":
            return _number(value)
        case "date" | "datetime":
            return _instant(value, type_)
        case "option":
            return {"value": _text(value)}
        case "user":
            return Somebody(_text(value))
    return {"name": _text(value)} if type_ in _NAMED else _text(value)


def _settled(value: Any, user: Callable[[str], Mapping[str, str]]) -> Any:  # noqa: ANN401  nested as deep as Jira's JSON
    if isinstance(value, Somebody):
        return user(value.name)
    if isinstance(value, Mapping):
        return {name: _settled(inner, user) for name, inner in value.items()}
    return [_settled(item, user) for item in value] if isinstance(value, list) else value


def _json(value: Any) -> Any:  # noqa: ANN401  whatever YAML holds, and JSON for it
    if isinstance(value, Mapping):
        return {str(name): _json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _cascade(value: Any) -> Any:  # noqa: ANN401  as `typed`
    parts = [_text(part) for part in value] if isinstance(value, list | tuple) else [_text(value)]
    if not 0 < len(parts) <= _CASCADE:
        raise WrongValueError(f"takes an option and the one below it, not {len(parts)} values: write [First, Second]")
    return {"value": parts[0], **({"child": {"value": parts[1]}} if parts[1:] else {})}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValueError(f"is a number field, and {value!r} is none: write digits, without quotes")
    return value


def _instant(value: object, type_: str) -> str:
    if type_ == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if type_ == "datetime" and isinstance(value, str):
        return value
    meant = "write it as YYYY-MM-DD" if type_ == "date" else 'write it in quotes, as "2026-01-31T09:00:00.000+0000"'
    raise WrongValueError(f"is a {type_} field, and {value!r} is none: {meant}")


def _text(value: object) -> str:
    if isinstance(value, bool):
        raise WrongValueError(f"holds {value}, which YAML made of a word: write it in quotes")
    if value is None or not str(value).strip():
        raise WrongValueError("holds nothing: write a value, or take the line out")
    return str(value)
