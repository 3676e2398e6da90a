"""A sandbox that a person would meet: a project with custom fields and a few issues."""

from dataclasses import replace

from jira_sandbox import issues, seed
from jira_sandbox.catalogue import CUSTOM_TYPES, TYPES
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import Context, Field, Issue, Option, User
from jira_sandbox.state import State

ADMIN, VIEWER = seed.ADMIN, seed.VIEWER
DANA, PRIYA = seed.PEOPLE[0][0], seed.PEOPLE[1][0]
FIELDS = {
    "customfield_20001": ("Reference", "textfield", ()),
    "customfield_20002": ("Points", "float", ()),
    "customfield_20003": ("Status Date", "datepicker", ()),
    "customfield_20004": ("Finding", "select", ("MET", "NOT MET")),
    "customfield_20005": ("Conditions", "multicheckboxes", ("one", "two", "three")),
    "customfield_20006": ("Lead", "userpicker", ()),
    "customfield_20007": ("Notes", "textarea", ()),
    "customfield_20008": ("Site", "url", ()),
    "customfield_20009": ("Meeting", "datetime", ()),
    "customfield_20010": ("Reviewers", "multiuserpicker", ()),
}


def peopled(flavour: str = CLOUD) -> State:
    """A site at a standstill on 1 June 2026, whose screens show a field of each kind."""
    state = State(flavour=flavour)
    state.clock.stop()
    state.clock.frozen = state.clock.now().replace(year=2026, month=6, day=1, hour=9, minute=0, second=0, microsecond=0)
    for name, (label, kind, options) in FIELDS.items():
        state.fields[name] = Field(name, label, CUSTOM_TYPES[kind].kind, custom=f"{TYPES}{kind}")
        chosen = tuple(Option(f"{name[-2:]}{place}", value) for place, value in enumerate(options))
        number = name.removeprefix("customfield_")
        state.contexts[number] = Context(number, name, "Everywhere", options=chosen)
    for number, screen in state.screens.items():
        tab = screen.tabs[0]
        state.screens[number] = replace(screen, tabs=(replace(tab, fields=(*tab.fields, *FIELDS)),))
    return state


def ref(state: State, account_id: str) -> dict[str, str]:
    """An account as a field's value names it on this flavour."""
    return {"name": state.users[account_id].name} if state.datacenter else {"accountId": account_id}


def user(state: State, account_id: str = ADMIN) -> User:
    """An account of the site, the administrator's by default."""
    return state.users[account_id]


def issue(state: State, summary: str, kind: str = "Task", **fields: object) -> Issue:
    """A new issue in the project, made by the administrator."""
    asked = {"project": {"key": "CMMC"}, "issuetype": {"name": kind}, "summary": summary, **fields}
    return issues.create(state, user(state), {"fields": asked})
