"""Transitions: which are open, what they ask for, what they do."""

from jira_sandbox import forms, permissions, present
from jira_sandbox.present import Json, View
from jira_sandbox.records import Field, Issue, Transition, User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State


def available(state: State, user: User | None, issue: Issue) -> list[Transition]:
    """The steps that the user may take from the issue's present status."""
    project = state.projects[issue.project]
    if not permissions.holds(state, user, "TRANSITION_ISSUES", project):
        return []
    return [
        step
        for step in state.workflow_of(project, issue.type).transitions
        if not step.sources or issue.status in step.sources
    ]


def chosen(state: State, user: User | None, issue: Issue, raw: object) -> Transition:
    """The step that `{"id": …}` names, or Jira's refusal."""
    if not isinstance(raw, dict) or raw.get("id") is None:
        raise Refused(400, "Missing 'transition' identifier")
    number = str(raw["id"])
    if not number.isdecimal():
        raise Refused(400, "'transition' identifier must be an integer")
    for step in available(state, user, issue):
        if step.id == number:
            return step
    raise Refused(400, f"Transition id '{number}' is not valid for this issue.")


def screen_fields(state: State, step: Transition) -> list[Field]:
    """The fields that the step's screen shows."""
    return forms.on_screen(state, state.screens[step.screen]) if step.screen else []


def shown(view: View, issue: Issue, step: Transition, *, fields: bool = False) -> Json:
    """A transition as Jira's JSON, with its screen's fields where they were asked for."""
    state = view.state
    project, issue_type = state.projects[issue.project], state.issue_types[issue.type]
    found: Json = {
        "id": step.id,
        "name": step.name,
        "to": present.status(view, state.statuses[step.to]),
    }
    if not state.datacenter:
        shown_as = {"hasScreen": step.screen is not None, "isGlobal": not step.sources, "isAvailable": True}
        found |= {**shown_as, "isInitial": False, "isConditional": False, "isLooped": False}
    if fields:
        found["fields"] = {
            field.id: forms.metadata(view, project, issue_type, field, needed=field.id in step.required)
            for field in screen_fields(state, step)
        }
    return found
