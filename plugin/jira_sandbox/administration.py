"""What an administrator does on Jira's pages because REST has nothing for it; the sandbox has a control instead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from jira_sandbox import credentials, jql, people
from jira_sandbox.records import (
    Context,
    Field,
    IssueType,
    IssueTypeScreenScheme,
    Option,
    Project,
    Screen,
    ScreenScheme,
    Status,
    Tab,
    Transition,
    Workflow,
)
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State

_CATEGORIES: Final = ("new", "indeterminate", "done")
_RESULT: Final = "Field Tab"
_Step = tuple[Transition, Screen | None]


def administer(state: State, asked: Mapping[str, Any]) -> None:
    """Do the one thing that the form asks for.

    Raises:
        Refused: 400 with a sentence, and nothing is done.

    """
    names = " or ".join(_FORMS)
    if len(asked) != 1 or not asked.keys() <= _FORMS.keys():
        raise Refused(400, f"Give exactly one of {names}.")
    [(name, form)] = asked.items()
    if not isinstance(form, Mapping):
        raise Refused(400, f"The value of {name} must be an object.")
    do, keys, optional = _FORMS[name]
    if not set(keys) <= form.keys() or not form.keys() <= {*keys, *optional}:
        raise Refused(400, f"The object of {name} holds {', '.join(keys)} and, if need be, {', '.join(optional)}.")
    do(state, form)


def _field(state: State, form: Mapping[str, Any], *, custom: bool = True) -> Field:
    found = state.fields.get(str(form["field"]))
    if found is None or (custom and not found.custom):
        raise Refused(400, f"There is no {'custom ' if custom else ''}field {form['field']!r}.")
    return found


def _project(state: State, key: object) -> Project:
    found = state.find_project(str(key))
    if found is None:
        raise Refused(400, f"There is no project {key!r}.")
    return found


def _type(state: State, name: object) -> IssueType:
    found = next((one for one in state.issue_types.values() if one.name == name), None)
    if found is None:
        raise Refused(400, f"There is no issue type {name!r}.")
    return found


def _texts(form: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = form.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise Refused(400, f"The value of {key} must be a list of texts.")
    if len(set(found)) < len(found):
        raise Refused(400, f"The value of {key} names something twice.")
    return tuple(found)


def _made(state: State, values: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(state.next_id("option"), value) for value in values)


def _options(state: State, form: Mapping[str, Any]) -> None:
    """Add options where a field applies everywhere, or in its one context."""
    field, added = _field(state, form), _texts(form, "add")
    mine = [one for one in state.contexts.values() if one.field == field.id]
    chosen = next((one for one in mine if not one.projects), mine[0] if len(mine) == 1 else None)
    if chosen is None or field.kind not in ("option", "options"):
        raise Refused(400, f"{field.id} has no context that applies everywhere, or takes no options.")
    there = {one.value for one in chosen.options}
    if there & set(added):
        raise Refused(400, f"{field.id} has {', '.join(sorted(there & set(added)))} already.")
    state.contexts[chosen.id] = replace(chosen, options=(*chosen.options, *_made(state, added)))


def _context(state: State, form: Mapping[str, Any]) -> None:
    """Let a field apply in a project in its own way, with options of its own."""
    field, project = _field(state, form), _project(state, form["project"])
    options = _texts(form, "options")
    if any(project.id in one.projects for one in state.contexts.values() if one.field == field.id):
        raise Refused(400, f"{field.id} has a context for {project.key} already.")
    made = Context(
        state.next_id("context"),
        field.id,
        f"{project.key}: {field.name}",
        projects=(project.id,),
        options=_made(state, options),
    )
    state.contexts[made.id] = made


def _screen(state: State, form: Mapping[str, Any]) -> None:
    """Make a screen, or add the fields that it lacks to one of this name."""
    fields = _texts(form, "fields")
    unknown = [one for one in fields if one not in state.fields]
    if unknown or not isinstance(form["name"], str) or not form["name"].strip():
        raise Refused(400, f"A screen needs a name and fields that exist: {', '.join(unknown)}.")
    there = next((one for one in state.screens.values() if one.name == form["name"]), None)
    if there is None:
        tab = Tab(state.next_id("tab"), _RESULT, fields)
        made = Screen(state.next_id("screen"), form["name"], tabs=(tab,))
        state.screens[made.id] = made
        return
    shown = {id_ for tab in there.tabs for id_ in tab.fields}
    first = replace(there.tabs[0], fields=(*there.tabs[0].fields, *(one for one in fields if one not in shown)))
    state.screens[there.id] = replace(there, tabs=(first, *there.tabs[1:]))


def _screens(state: State, form: Mapping[str, Any]) -> None:
    """Let issue types of a project use screens; a scheme that other projects use is copied for it."""
    project, asked = _project(state, form["project"]), form["issue_types"]
    if not isinstance(asked, Mapping):
        raise Refused(400, "The value of issue_types must be an object: issue type names with screen names.")
    mapping = {}
    for type_name, screen_name in asked.items():
        screen = next((one for one in state.screens.values() if one.name == screen_name), None)
        if screen is None:
            raise Refused(400, f"There is no screen {screen_name!r}.")
        scheme = ScreenScheme(state.next_id("screen scheme"), f"{screen_name} Scheme", {"default": screen.id})
        mapping[_type(state, type_name).id] = scheme
    for scheme in mapping.values():
        state.screen_schemes[scheme.id] = scheme
    used = state.type_screen_schemes[project.screen_scheme]
    if sum(one.screen_scheme == used.id for one in state.projects.values()) > 1:
        used = IssueTypeScreenScheme(state.next_id("type screen scheme"), f"Copy of {used.name}", used.mapping)
        state.projects[project.id] = replace(project, screen_scheme=used.id)
    ids = {type_id: scheme.id for type_id, scheme in mapping.items()}
    state.type_screen_schemes[used.id] = replace(used, mapping={**used.mapping, **ids})


def _required(state: State, form: Mapping[str, Any]) -> None:
    """Make a field required everywhere, or no longer."""
    field = _field(state, form, custom=False)
    (state.required.add if form["required"] else state.required.discard)(field.id)


def _workflow(state: State, form: Mapping[str, Any]) -> None:
    """Give an issue type a workflow of its own in every project; new issues start in its first status."""
    issue_type = _type(state, form["issue_type"])
    statuses = [_status(state, one) for one in _objects(form, "statuses")]
    ids = {one.name: one.id for one in statuses}
    steps = [_transition(state, one, ids, number) for number, one in enumerate(_objects(form, "transitions"), 1)]
    if not statuses:
        raise Refused(400, "A workflow needs a status.")
    state.statuses |= {one.id: one for one in statuses}
    state.screens |= {screen.id: screen for _, screen in steps if screen}
    name = f"{issue_type.name} Workflow"
    state.workflows[name] = Workflow(name, statuses[0].id, tuple(ids.values()), tuple(step for step, _ in steps))
    for project in list(state.projects.values()):
        state.projects[project.id] = replace(project, workflows={**project.workflows, issue_type.id: name})


def _objects(form: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = form[key]
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Refused(400, f"The value of {key} must be a list of objects.")
    return found


def _status(state: State, asked: Mapping[str, Any]) -> Status:
    name, category = asked.get("name"), asked.get("category")
    if not isinstance(name, str) or category not in _CATEGORIES:
        raise Refused(400, f"A status needs a name and one of the categories {', '.join(_CATEGORIES)}.")
    there = next((one for one in state.statuses.values() if one.name == name), None)
    return replace(there, category=category) if there else Status(state.next_id("status", start=10100), name, category)


def _transition(state: State, asked: Mapping[str, Any], statuses: Mapping[str, str], number: int) -> _Step:
    sources, required = _texts(asked, "from"), _texts(asked, "required")
    if (
        asked.get("to") not in statuses
        or not set(sources) <= statuses.keys()
        or not set(required) <= state.fields.keys()
    ):
        raise Refused(400, f"The transition {asked.get('name')!r} names a status or a field that is not there.")
    screen = None
    if required:
        tab = Tab(state.next_id("tab"), _RESULT, required)
        screen = Screen(state.next_id("screen"), f"{asked.get('name')} Screen", tabs=(tab,))
    step = Transition(
        str(number * 10 + 1),
        str(asked.get("name")),
        statuses[asked["to"]],
        frozenset(statuses[one] for one in sources),
        screen.id if screen else None,
        frozenset(required),
    )
    return step, screen


def _webhook(state: State, form: Mapping[str, Any]) -> None:
    """Switch a webhook on or off, or enter the filter that REST takes on no Data Center."""
    found = state.webhooks.hooks.get(str(form["id"]))
    if found is None:
        raise Refused(400, f"There is no webhook {form['id']!r}.")
    text = str(form.get("filter", found.jql))
    jql.parse(text)
    enabled = bool(form.get("enabled", found.enabled))
    state.webhooks.hooks[found.id] = replace(found, enabled=enabled, jql=text)


def _user(state: State, form: Mapping[str, Any]) -> None:
    """Let an account be active, or no longer; ask it for a captcha, as after wrong passwords, or no longer."""
    named = str(form["name"])
    found = next((one for one in state.users.values() if named in (one.account_id, people.name_of(state, one))), None)
    if found is None:
        raise Refused(400, f"There is no account {named!r}.")
    state.users[found.account_id] = replace(found, active=bool(form.get("active", found.active)))
    if "captcha" in form:
        state.failed_logins[found.account_id] = credentials.ATTEMPTS if form["captcha"] else 0


_Form = tuple[Callable[[State, Mapping[str, Any]], None], tuple[str, ...], tuple[str, ...]]
_FORMS: Final[Mapping[str, _Form]] = {
    "options": (_options, ("field", "add"), ()),
    "context": (_context, ("field", "project"), ("options",)),
    "screen": (_screen, ("name",), ("fields",)),
    "screens": (_screens, ("project", "issue_types"), ()),
    "required": (_required, ("field", "required"), ()),
    "workflow": (_workflow, ("issue_type", "statuses", "transitions"), ()),
    "webhook": (_webhook, ("id",), ("enabled", "filter")),
    "user": (_user, ("name",), ("active", "captcha")),
}
"""What can be asked for: what does it, and the keys that it needs and may have."""
