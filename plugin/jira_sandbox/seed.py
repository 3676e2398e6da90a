"""What a new site holds: accounts, one empty company-managed project, and Jira's defaults around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jira_sandbox import catalogue
from jira_sandbox.records import (
    Category,
    IssueType,
    IssueTypeScheme,
    IssueTypeScreenScheme,
    LinkType,
    Priority,
    Project,
    Resolution,
    Role,
    Screen,
    ScreenScheme,
    Status,
    Tab,
    Transition,
    User,
    Workflow,
)

if TYPE_CHECKING:
    from jira_sandbox.state import State

CATEGORIES = (
    Category(1, "undefined", "No Category", "medium-gray"),
    Category(2, "new", "To Do", "blue-gray"),
    Category(4, "indeterminate", "In Progress", "yellow"),
    Category(3, "done", "Done", "green"),
)

ADMIN = "712020:0b5ce1ad-3f6e-4f0e-9a62-1d7c40e5a001"
SERVICE = "712020:0b5ce1ad-3f6e-4f0e-9a62-1d7c40e5a002"
VIEWER = "712020:0b5ce1ad-3f6e-4f0e-9a62-1d7c40e5a003"
OUTSIDER = "712020:0b5ce1ad-3f6e-4f0e-9a62-1d7c40e5a004"
PEOPLE = (
    ("5f1a2b3c4d5e6f0068a00001", "Dana Whitfield", "dana.whitfield"),
    ("5f1a2b3c4d5e6f0068a00002", "Priya Raman", "priya.raman"),
    ("5f1a2b3c4d5e6f0068a00003", "Marcus Oyelaran", "marcus.oyelaran"),
    ("5f1a2b3c4d5e6f0068a00004", "Ingrid Solberg", "ingrid.solberg"),
    ("5f1a2b3c4d5e6f0068a00005", "Tomás Herrera", "tomas.herrera"),
    ("5f1a2b3c4d5e6f0068a00006", "Keiko Aldana", "keiko.aldana"),
    ("5f1a2b3c4d5e6f0068a00007", "Bram Vandersloot", "bram.vandersloot"),
    ("5f1a2b3c4d5e6f0068a00008", "Leila Hakimi", "leila.hakimi"),
)
HERE = "America/New_York"
ELSEWHERE = {"5f1a2b3c4d5e6f0068a00005": "America/Chicago", "5f1a2b3c4d5e6f0068a00006": "America/Los_Angeles"}
HIDES_EMAIL = "5f1a2b3c4d5e6f0068a00008"

MEMBER_RIGHTS = frozenset(
    {
        "BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ASSIGN_ISSUES", "ASSIGNABLE_USER", "TRANSITION_ISSUES",
        "RESOLVE_ISSUES", "CLOSE_ISSUES", "SCHEDULE_ISSUES", "LINK_ISSUES", "MOVE_ISSUES", "ADD_COMMENTS",
        "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS", "CREATE_ATTACHMENTS", "DELETE_OWN_ATTACHMENTS",
    }
)  # fmt: skip
ADMIN_RIGHTS = MEMBER_RIGHTS | {
    "ADMINISTER_PROJECTS", "MODIFY_REPORTER", "DELETE_ISSUES", "EDIT_ALL_COMMENTS", "DELETE_ALL_COMMENTS",
    "DELETE_ALL_ATTACHMENTS",
}  # fmt: skip

SCREEN_FIELDS = (
    "summary", "issuetype", "parent", "components", "description", "priority", "labels", "environment", "duedate",
    "assignee", "reporter", "issuelinks", "attachment",
)  # fmt: skip


def fill(state: State) -> None:
    """Put the defaults into an empty state."""
    _accounts(state)
    _words(state)
    for field in catalogue.SYSTEM:
        if not state.datacenter or field.id not in catalogue.CLOUD_ONLY:
            state.fields[field.id] = field
    _screens(state)
    _project(state)


def _accounts(state: State) -> None:
    def add(account_id: str, name: str, short: str, *, admin: bool = False) -> None:
        state.users[account_id] = User(
            account_id,
            name,
            f"{short}@example.com",
            token=f"sandbox-{short}",
            name=short,
            key=f"JIRAUSER{state.next_id('user')}",
            admin=admin,
            email_visible=state.datacenter or account_id != HIDES_EMAIL,
            timezone="Etc/UTC" if account_id == SERVICE else ELSEWHERE.get(account_id, HERE),
        )

    add(ADMIN, "Avery Lindqvist", "admin", admin=True)
    add(SERVICE, "Automation Service", "service", admin=True)
    add(VIEWER, "Noor Castellan", "viewer")
    add(OUTSIDER, "Jonas Feld", "outsider")
    for account_id, name, short in PEOPLE:
        add(account_id, name, short)
    state.service = SERVICE
    state.webhook_secret = "sandbox-webhook"  # noqa: S105 - what a sandbox on the loopback suggests is no secret


def _words(state: State) -> None:
    for priority in (
        Priority("1", "Highest", "#d04437", "This problem will block progress."),
        Priority("2", "High", "#f15C75", "Serious problem that could block progress."),
        Priority("3", "Medium", "#f79232", "Has the potential to affect progress."),
        Priority("4", "Low", "#707070", "Minor problem or easily worked around."),
        Priority("5", "Lowest", "#999999", "Trivial problem with little or no impact on progress."),
    ):
        state.priorities[priority.id] = priority
    for resolution in (
        Resolution("10000", "Done", "Work has been completed on this issue."),
        Resolution("10001", "Won't Do", "This issue won't be actioned."),
        Resolution("10002", "Duplicate", "The problem is a duplicate of an existing issue."),
        Resolution("10003", "Cannot Reproduce", "All attempts at reproducing this issue failed."),
    ):
        state.resolutions[resolution.id] = resolution
    for link_type in (
        LinkType("10000", "Blocks", "is blocked by", "blocks"),
        LinkType("10001", "Cloners", "is cloned by", "clones"),
        LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
        LinkType("10003", "Relates", "relates to", "relates to"),
    ):
        state.link_types[link_type.id] = link_type
        state.next_id("link type")
    for status in (
        Status("10000", "To Do", "new"),
        Status("3", "In Progress", "indeterminate", "This issue is being actively worked on by the assignee."),
        Status("10001", "Done", "done"),
    ):
        state.statuses[status.id] = status
    for issue_type in (
        IssueType("10000", "Epic", "Epics track collections of related bugs, stories, and tasks.", 1),
        IssueType("10001", "Story", "Stories track functionality or features expressed as user goals."),
        IssueType("10002", "Task", "Tasks track small, distinct pieces of work."),
        IssueType("10003", "Sub-task", "Subtasks track small pieces of work that are part of a larger task.", -1),
        IssueType("10004", "Bug", "Bugs track problems or errors."),
    ):
        state.issue_types[issue_type.id] = issue_type
        state.next_id("issue type")
    state.workflows["Software Simplified Workflow"] = Workflow(
        "Software Simplified Workflow",
        "10000",
        ("10000", "3", "10001"),
        (
            Transition("11", "To Do", "10000"),
            Transition("21", "In Progress", "3"),
            Transition("31", "Done", "10001", resolution="10000"),
        ),
    )


def _screens(state: State) -> None:
    def screen(number: str, name: str, fields: tuple[str, ...]) -> None:
        shown = tuple(one for one in fields if not state.datacenter or one != "parent")  # there for sub-tasks only
        tab = Tab(state.next_id("tab"), "Field Tab", shown)
        state.screens[number] = Screen(number, name, tabs=(tab,))

    screen("1", "Default Screen", SCREEN_FIELDS)
    screen("2", "Workflow Screen", ("assignee", "resolution"))
    screen("3", "Resolve Issue Screen", ("assignee", "resolution"))
    for name in ("CMMC: Software Development Default Issue Screen", "CMMC: Software Development Bug Screen"):
        screen(state.next_id("screen"), name, SCREEN_FIELDS)
    state.screen_schemes["1"] = ScreenScheme("1", "Default Screen Scheme", {"default": "1"}, "Default Screen Scheme")
    for number, name in (("10000", "Default Screen Scheme"), ("10001", "Bug Screen Scheme")):
        state.screen_schemes[number] = ScreenScheme(number, f"CMMC: Software Development {name}", {"default": number})
        state.next_id("screen scheme")


def _project(state: State) -> None:
    for number, name, rights in (
        ("10002", "Administrators", ADMIN_RIGHTS),
        ("10003", "Members", MEMBER_RIGHTS),
        ("10004", "Viewers", frozenset({"BROWSE_PROJECTS"})),
    ):
        state.roles[number] = Role(number, name, f"A project role that represents {name.lower()} of a project.", rights)
    types = tuple(state.issue_types)
    scheme = IssueTypeScheme(state.next_id("type scheme"), "Default Issue Type Scheme", types)
    own = IssueTypeScheme(state.next_id("type scheme"), "CMMC: Software Development Issue Type Scheme", types, "10002")
    state.type_schemes = {scheme.id: scheme, own.id: own}
    default = IssueTypeScreenScheme("1", "Default Issue Type Screen Scheme", {"default": "1"})
    screens = IssueTypeScreenScheme(
        state.next_id("type screen scheme"),
        "CMMC: Software Development Issue Type Screen Scheme",
        {"default": "10000", "10004": "10001"},
    )
    state.type_screen_schemes = {default.id: default, screens.id: screens}
    project = Project(
        id=state.next_id("project"),
        key="CMMC",
        name="CMMC",
        lead=PEOPLE[0][0],
        type_scheme=own.id,
        screen_scheme=screens.id,
        workflows={"default": "Software Simplified Workflow"},
        actors={
            "10002": (ADMIN, SERVICE),
            "10003": tuple(account_id for account_id, _, _ in PEOPLE),
            "10004": (VIEWER,),
        },
    )
    state.projects[project.id] = project
