"""The settings file of a project's configuration, read strictly: every mistake with its file and line."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from cmmc_jira.core.fields import NATIVE
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.mapping import LINK_TYPE, ProjectMapping, Tie, Workflow
from cmmc_manifests.schema import fields as field_specs
from cmmc_rules.source import Spot, read

KEYS: Final = ("issue_types", "fields", "defaults", "workflow", "security", "components", "link")
_TYPES: Final = tuple(kind.key for kind in Kind)
_MADE: Final = (Kind.REMEDIATION.key, Kind.STATUS.key)
_ROUTES: Final = {"done": Category.DONE, "new": Category.NEW}
_WRITTEN: Final = frozenset(
    {"summary", "description", "labels", "issuetype", "issue type", "project", "status", "parent"}
    | {"issuelinks", "linked issues", "attachment", "subtasks"}
)


def mapping_in(file: str, text: str, mistakes: list[str], *, families: Collection[str]) -> ProjectMapping | None:
    """Return the mapping that a YAML text holds; whatever is wrong is added to the mistakes, with file and line.

    `families` are those of the requirements (`AC`, `AU` and so on).
    """
    before = len(mistakes)
    top = read(file, text, mistakes)
    if top is None:
        return None
    found = top.mapping((), KEYS)
    tables = {key: _table(found, key) for key in KEYS[:6]}
    issue_types = _names(tables["issue_types"], _TYPES, "issue type of ours")
    _told_apart(tables["issue_types"], issue_types)
    fields = _fields(tables["fields"])
    component, components = _components(tables["components"], families)
    tie, link_type = _tie(found.get("link"))
    mapping = ProjectMapping(
        issue_types=issue_types,
        fields=fields,
        defaults={key: _values(spot, fields) for key, spot in _made(tables["defaults"]).items()},
        workflow={key: _workflow(key, spot, fields) for key, spot in _made(tables["workflow"]).items()},
        security={key: spot.text() for key, spot in _made(tables["security"]).items()},
        component=component,
        components=components,
        tie=tie,
        link_type=link_type,
        where=file,
    )
    return mapping if len(mistakes) == before else None


def _table(found: Mapping[str, Spot], key: str) -> Mapping[str, Spot]:
    """Return the lines of a table; one that is absent, or there and empty, has none."""
    if key not in found or found[key].value is None:
        return {}
    return {str(name): spot for name, spot in found[key].entries().items()}


def _names(table: Mapping[str, Spot], known: Sequence[str], what: str) -> dict[str, str]:
    for name, spot in table.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            spot.wrong(f"{name} is no {what}; " + (f"did you mean {near[0]}?" if near else _known(known)))
    return {name: spot.text() for name, spot in table.items()}


def _known(names: Sequence[str]) -> str:
    return f"known are {', '.join(names)}"


def _told_apart(table: Mapping[str, Spot], named: Mapping[str, str]) -> None:
    """Refuse two types that only people's issues could be told apart by; ours carry a property that says which."""
    mapping = ProjectMapping(issue_types=named)
    for at, key in enumerate(_TYPES):
        for other in _TYPES[:at]:
            if mapping.type_name(key) == mapping.type_name(other) and {key, other} != set(_MADE):
                spot = table.get(key) or table[other]
                spot.wrong(
                    f'{other} and {key} are both "{mapping.type_name(key)}", and nothing would tell them apart: '
                    "give each a type of its own; only remediation and status may share one"
                )


def _fields(table: Mapping[str, Spot]) -> Mapping[str, str]:
    known = [spec.name for spec in field_specs()]
    for name in set(table) & set(NATIVE):
        table[name].wrong(f"{name} is Jira's own field, which is known by its id whatever it is called; take it out")
    named = _names({name: spot for name, spot in table.items() if name not in NATIVE}, known, "field of ours")
    owner: dict[str, str] = {}
    for name, here in named.items():
        first = owner.setdefault(here, name)
        if here and first != name:
            table[name].wrong(f'"{here}" stands for {first} already; give each a field of its own')
    return named


def _made(table: Mapping[str, Spot]) -> Mapping[str, Spot]:
    """Return the lines about the issues that the service creates; about others there is nothing to say."""
    for name, spot in table.items():
        if name in _TYPES and name not in _MADE:
            spot.wrong(
                f"people create the {name} issues, and Jira asks them; only {' and '.join(_MADE)} may stand here"
            )
        elif name not in _MADE:
            near = get_close_matches(name, _MADE, n=1)
            spot.wrong(f"{name} is no issue type of ours; " + (f"did you mean {near[0]}?" if near else _known(_MADE)))
    return {name: spot for name, spot in table.items() if name in _MADE}


def _values(spot: Spot, fields: Mapping[str, str]) -> Mapping[str, Any]:
    """Return values by field; one that the service itself writes cannot have another."""
    if spot.value is None:
        return {}
    ours = {spec.name for spec in field_specs()} | set(fields.values())
    given = {str(name): row for name, row in spot.entries().items()}
    for name, row in given.items():
        if name in ours or name.lower() in _WRITTEN:
            row.wrong(f"the service writes {name} itself; take the line out")
        elif row.value in (None, "", ()):
            row.wrong("there is no value; write one, or take the line out")
    return {name: _plain(row) for name, row in given.items()}


def _plain(spot: Spot) -> Any:  # noqa: ANN401  whatever YAML holds
    if isinstance(spot.value, Mapping):
        return {str(name): _plain(inner) for name, inner in spot.value.items()}
    return [_plain(inner) for inner in spot.value] if isinstance(spot.value, tuple) else spot.value


def _workflow(key: str, spot: Spot, fields: Mapping[str, str]) -> Workflow:
    also = ("fields", "ready") if key == Kind.REMEDIATION.key else ("fields",)
    found = spot.mapping((), (*_ROUTES, *also))
    ready = _several(found["ready"]) if "ready" in found else ()
    return Workflow(
        routes={category: _several(found[name]) for name, category in _ROUTES.items() if name in found},
        ready=frozenset(name.casefold() for name in ready),
        fields=_values(found["fields"], fields) if "fields" in found else {},
    )


def _several(spot: Spot) -> tuple[str, ...]:
    """Return one name or a list of them."""
    names = spot.texts() if isinstance(spot.value, tuple) else (spot.text(),)
    if not names:
        spot.wrong("the list is empty; name a status, or take the line out")
    return names


def _components(table: Mapping[str, Spot], families: Collection[str]) -> tuple[str | None, Mapping[str, str]]:
    for name, spot in table.items():
        if name not in {"default", "families"}:
            spot.wrong(f"{name} is not known here; write default: Name, or families: with a line for each family")
    default = table["default"].text() if "default" in table else None
    return default, _names(_table(table, "families"), sorted(families), "family")


def _tie(spot: Spot | None) -> tuple[Tie, str]:
    if spot is None:
        return Tie.LINK, LINK_TYPE
    if spot.value in (Tie.PARENT.value, Tie.EPIC.value):
        return Tie(spot.value), LINK_TYPE
    if isinstance(spot.value, Mapping):
        found = spot.mapping(("type",))
        return Tie.LINK, found["type"].text() if "type" in found else ""
    spot.wrong(f"{spot.shown()} is no way to tie issues; write parent, epic, or {{type: {LINK_TYPE}}} for a link type")
    return Tie.LINK, LINK_TYPE
