"""Screens with their tabs and fields."""

from dataclasses import replace

from flask import Response, request

from jira_sandbox import catalogue, forms, permissions
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import Field, Screen, Tab
from jira_sandbox.refusals import Refused
from jira_sandbox.web import Resource, answer, body, caller, listed, nothing, paged, state

screen = Resource("screen")


@screen.route("/screens", "GET")
def screens() -> Response:
    """All screens."""
    permissions.demand_admin(state(), caller())
    query, wanted = request.args.get("queryString", "").lower(), listed("id")
    shown = [_shown(one) for one in state().screens.values()
             if query in one.name.lower() and (not wanted or one.id in wanted)]  # fmt: skip
    return paged(shown, default=100)


def _shown(found: Screen) -> dict[str, object]:
    return {"id": int(found.id), "name": found.name, "description": found.description}


@screen.route("/screens", "POST", flavours=(CLOUD,))
def create_screen() -> Response:
    """Create a screen with one empty tab."""
    permissions.demand_admin(state(), caller())
    asked = body("name", "description")
    name = asked.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "The name of the screen must not be empty.")
    if any(one.name == name for one in state().screens.values()):
        raise Refused(400, "A screen with this name already exists.")
    tab = Tab(state().next_id("tab"), "Field Tab")
    made = Screen(state().next_id("screen"), name, str(asked.get("description") or ""), (tab,))
    state().screens[made.id] = made
    return answer(_shown(made), 201)


def _screen(screen_id: str) -> Screen:
    permissions.demand_admin(state(), caller())
    found = state().screens.get(screen_id)
    if found is None:
        raise Refused(404, f"The screen with id {screen_id} was not found.")
    return found


def _tab(found: Screen, tab_id: str) -> Tab:
    for tab in found.tabs:
        if tab.id == tab_id:
            return tab
    raise Refused(404, f"The screen tab with id {tab_id} was not found.")


def _store(found: Screen, changed: Tab) -> None:
    tabs = tuple(changed if tab.id == changed.id else tab for tab in found.tabs)
    state().screens[found.id] = replace(found, tabs=tabs)


@screen.route("/screens/<screen_id>/tabs", "GET")
def tabs(screen_id: str) -> Response:
    """The tabs of a screen."""
    return answer([{"id": int(tab.id), "name": tab.name} for tab in _screen(screen_id).tabs])


@screen.route("/screens/<screen_id>/tabs", "POST")
def create_tab(screen_id: str) -> Response:
    """Add a tab."""
    found = _screen(screen_id)
    name = body("id", "name").get("name")
    if not isinstance(name, str) or not name.strip() or any(tab.name == name for tab in found.tabs):
        raise Refused(400, "The name of the tab must not be empty or taken.")
    made = Tab(state().next_id("tab"), name)
    state().screens[found.id] = replace(found, tabs=(*found.tabs, made))
    return answer({"id": int(made.id), "name": made.name})


@screen.route("/screens/<screen_id>/tabs/<tab_id>/fields", "GET")
def tab_fields(screen_id: str, tab_id: str) -> Response:
    """The fields of a tab in order."""
    tab = _tab(_screen(screen_id), tab_id)
    return answer([_named(state().fields[one]) for one in tab.fields])


def _named(field: Field) -> dict[str, str]:
    return {"id": field.id, "name": field.name}


@screen.route("/screens/<screen_id>/tabs/<tab_id>/fields", "POST")
def add_field(screen_id: str, tab_id: str) -> Response:
    """Put a field on a tab; it may be on a screen once."""
    found = _screen(screen_id)
    tab = _tab(found, tab_id)
    field_id = body("fieldId").get("fieldId")
    field = state().fields.get(str(field_id))
    if field is None or field.id in catalogue.UNORDERABLE:
        raise Refused(400, f"The field with id {field_id} does not exist or cannot be on a screen.")
    if field in forms.on_screen(state(), found):
        raise Refused(400, f"The field with id {field_id} already exists on the screen.")
    _store(found, replace(tab, fields=(*tab.fields, field.id)))
    return answer(_named(field))


@screen.route("/screens/<screen_id>/tabs/<tab_id>/fields/<field_id>", "DELETE")
def remove_field(screen_id: str, tab_id: str, field_id: str) -> Response:
    """Take a field off a tab."""
    found = _screen(screen_id)
    tab = _tab(found, tab_id)
    if field_id not in tab.fields:
        raise Refused(404, f"The field with id {field_id} is not on the tab.")
    _store(found, replace(tab, fields=tuple(one for one in tab.fields if one != field_id)))
    return nothing()


@screen.route("/screens/<screen_id>/availableFields", "GET")
def available_fields(screen_id: str) -> Response:
    """The fields that could be put on a screen."""
    found = _screen(screen_id)
    there = forms.on_screen(state(), found)
    free = [one for one in state().fields.values() if one not in there and one.id not in catalogue.UNORDERABLE]
    return answer([_named(one) for one in free])
