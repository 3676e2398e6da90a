"""Issues as Jira's JSON: which fields, which extras."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jira_sandbox import catalogue, forms, permissions, present, seed, wiki, workflow
from jira_sandbox.clock import stamp
from jira_sandbox.present import Json, View
from jira_sandbox.records import Issue, Link, Raw

EXPANDABLE = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations,transitions"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of an issue was asked for; `*all` and `*navigable` are groups of fields, `-name` takes one away."""

    fields: tuple[str, ...] = ("*all",)
    properties: tuple[str, ...] = ()
    expand: frozenset[str] = frozenset()


def issue(view: View, found: Issue, wanted: Wanted) -> Json:
    """An issue with the fields, properties and extras that were asked for."""
    shown: Json = {
        "expand": EXPANDABLE,
        "id": found.id,
        "self": view.link(f"issue/{found.id}"),
        "key": found.key,
        "fields": fields(view, found, wanted.fields),
    }
    if wanted.properties:
        every = "*all" in wanted.properties
        shown["properties"] = {key: kept for key, kept in found.properties.items() if every or key in wanted.properties}
    for name in sorted(wanted.expand & _EXTRAS.keys()):
        shown[name] = _EXTRAS[name](view, found, shown["fields"])
    return shown


def fields(view: View, found: Issue, wanted: Sequence[str]) -> Json:
    """The fields that were asked for, by id; fields that do not apply to the issue are left out, as Jira does."""
    return {name: field_value(view, found, name) for name in _chosen(view, found, wanted)}


def _chosen(view: View, found: Issue, wanted: Sequence[str]) -> list[str]:
    applying = _applying(view, found)
    chosen: set[str] = set()
    for name in wanted or ("*navigable",):
        if name == "*all":
            chosen |= applying
        elif name == "*navigable":
            chosen |= applying - catalogue.NOT_NAVIGABLE
        elif not name.startswith("-"):
            chosen |= {name} & applying
    taken = {name[1:] for name in wanted if name.startswith("-")}
    if wanted and all(name.startswith("-") for name in wanted):
        chosen = applying
    return [name for name in view.state.fields if name in chosen - taken]


_WHERE_SET = frozenset({"parent", "security"})


def _applying(view: View, found: Issue) -> set[str]:
    state = view.state
    project = state.projects[found.project]
    return {
        field.id
        for field in state.fields.values()
        if (field.id not in _WHERE_SET or field.id in found.values)
        and not (state.datacenter and field.id in catalogue.HIDDEN_ON_DATACENTER)
        and (not field.custom or state.context_of(field, project, found.type) is not None)
    }


def field_value(view: View, found: Issue, name: str) -> Raw:
    """The value of one field of an issue."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(view, found)
    return present.value(view, view.state.fields[name], found.values.get(name))


def brief(view: View, found: Issue, names: Collection[str] = ("summary", "status", "priority", "issuetype")) -> Json:
    """An issue as other issues carry it."""
    return {
        "id": found.id,
        "key": found.key,
        "self": view.link(f"issue/{found.id}"),
        "fields": {name: field_value(view, found, name) for name in names},
    }


def link(view: View, found: Link, near: str) -> Json:
    """A link as the issue `near` carries it: it shows the other end."""
    shown: Json = {
        "id": found.id,
        "self": view.link(f"issueLink/{found.id}"),
        "type": present.link_type(view, view.state.link_types[found.type]),
    }
    side, far = ("outwardIssue", found.destination) if found.source == near else ("inwardIssue", found.source)
    shown[side] = brief(view, view.state.issues[far])
    return shown


def _links(view: View, found: Issue) -> list[Json]:
    """The links whose other end the viewer may see."""
    state = view.state
    return [
        link(view, one, found.id)
        for one in state.links_of(found.id)
        if view.user is None
        or permissions.sees(state, view.user, state.issues[one.destination if one.source == found.id else one.source])
    ]


def _comments(view: View, found: Issue) -> Json:
    shown = [present.comment(view, found.id, one) for one in found.comments]
    return {
        "comments": shown,
        "self": view.link(f"issue/{found.id}/comment"),
        "maxResults": len(shown),
        "total": len(shown),
        "startAt": 0,
    }


def _category(view: View, found: Issue) -> Json:
    key = view.state.statuses[found.status].category
    return present.category(view, next(one for one in seed.CATEGORIES if one.key == key))


_SPECIAL: Mapping[str, Callable[[View, Issue], Any]] = {
    "issuetype": lambda view, found: present.issue_type(view, view.state.issue_types[found.type]),
    "project": lambda view, found: present.project(view, view.state.projects[found.project]),
    "status": lambda view, found: present.status(view, view.state.statuses[found.status]),
    "statusCategory": _category,
    "statuscategorychangedate": lambda _, found: stamp(found.status_changed),
    "creator": lambda view, found: present.user(view, view.state.users[found.creator]),
    "created": lambda _, found: stamp(found.created),
    "updated": lambda _, found: stamp(found.updated),
    "resolutiondate": lambda _, found: stamp(found.resolved) if found.resolved else None,
    "parent": lambda view, found: brief(view, view.state.issues[found.values["parent"]]),
    "issuelinks": _links,
    "subtasks": lambda view, found: [
        brief(view, one) for one in view.state.subtasks_of(found.id) if _is_subtask(view, one)
    ],
    "attachment": lambda view, found: [present.attachment(view, one) for one in found.attachments],
    "comment": _comments,
}


def _is_subtask(view: View, found: Issue) -> bool:
    return view.state.issue_types[found.type].level < 0


def changelog(view: View, found: Issue) -> Json:
    """The changelog as an issue carries it: newest first on Cloud, oldest first on Data Center."""
    entries = found.history if view.state.datacenter else reversed(found.history)
    shown = [present.history(view, one) for one in entries]
    return {"startAt": 0, "maxResults": len(shown), "total": len(shown), "histories": shown}


def _names(view: View, _: Issue, shown: Json) -> Json:
    return {name: view.state.fields[name].name for name in shown}


def _schemas(view: View, _: Issue, shown: Json) -> Json:
    return {name: present.schema(view.state.fields[name]) for name in shown}


def _rendered(view: View, found: Issue, shown: Json) -> Json:
    rendered: Json = {}
    for name in shown:
        rich = view.state.fields[name].kind == "rich" and found.values.get(name)
        rendered[name] = str(wiki.render(found.values[name])) if rich else None
    return rendered


def _transitions(view: View, found: Issue, _: Json) -> list[Json]:
    return [workflow.shown(view, found, one) for one in workflow.available(view.state, view.user, found)]


def _editmeta(view: View, found: Issue, _: Json) -> Json:
    return {"fields": forms.edit_metadata(view, found)}


_EXTRAS: Mapping[str, Callable[[View, Issue, Json], Any]] = {
    "names": _names,
    "schema": _schemas,
    "renderedFields": _rendered,
    "transitions": _transitions,
    "editmeta": _editmeta,
    "changelog": lambda view, found, _: changelog(view, found),
}
