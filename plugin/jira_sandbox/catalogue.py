"""The fields a site has from the start, and the types a custom field may have."""

from dataclasses import dataclass

from jira_sandbox.records import Field

TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
"""Data Center's Epic Link: Jira Software itself makes the one field of this type."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values: Jira's schema for it, what `update` may do, and the operators JQL allows."""

    type: str
    items: str | None = None
    operations: tuple[str, ...] = ("set",)
    jql: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CustomType:
    """A custom field type: its kind, its searchers and the suffix of its JQL name."""

    kind: str
    searchers: tuple[str, ...]
    suffix: str


_EQUAL = frozenset({"=", "!=", "in", "not in", "is", "is not"})
_ORDER = _EQUAL | {"<", "<=", ">", ">="}
_TEXT = frozenset({"~", "!~", "is", "is not"})
_MANY = ("add", "set", "remove")

KINDS: dict[str, Kind] = {
    "summary": Kind("string", jql=_TEXT),
    "rich": Kind("string", jql=_TEXT),
    "line": Kind("string", jql=_TEXT),
    "url": Kind("string", jql=_EQUAL),
    "number": Kind("number", jql=_ORDER),
    "date": Kind("date", jql=_ORDER),
    "datetime": Kind("datetime", jql=_ORDER),
    "option": Kind("option", jql=_EQUAL),
    "options": Kind("array", "option", _MANY, _EQUAL),
    "user": Kind("user", jql=_EQUAL),
    "users": Kind("array", "user", _MANY, _EQUAL),
    "labels": Kind("array", "string", _MANY, _EQUAL),
    "components": Kind("array", "component", _MANY, _EQUAL),
    "priority": Kind("priority", jql=_ORDER),
    "resolution": Kind("resolution", jql=_EQUAL),
    "parent": Kind("issuelink", jql=_EQUAL),
    "epic": Kind("any", jql=_EQUAL),
    "security": Kind("securitylevel"),
    "issuetype": Kind("issuetype", operations=(), jql=_EQUAL),
    "project": Kind("project", jql=_EQUAL),
    "status": Kind("status", operations=(), jql=_EQUAL),
    "category": Kind("statusCategory", operations=(), jql=_EQUAL),
    "stamp": Kind("datetime", operations=(), jql=_ORDER),
    "links": Kind("array", "issuelinks", ("add", "copy")),
    "attachments": Kind("array", "attachment", ("set", "copy"), frozenset({"is", "is not"})),
    "comments": Kind("comments-page", None, ("add", "edit", "remove"), frozenset({"~", "!~"})),
    "subtasks": Kind("array", "issuelinks", ()),
}

CUSTOM_TYPES: dict[str, CustomType] = {
    "textfield": CustomType("line", ("textsearcher",), "Short text"),
    "textarea": CustomType("rich", ("textsearcher",), "Paragraph"),
    "float": CustomType("number", ("exactnumber", "numberrange"), "Number"),
    "datepicker": CustomType("date", ("daterange",), "Date"),
    "datetime": CustomType("datetime", ("datetimerange",), "Time stamp"),
    "select": CustomType("option", ("multiselectsearcher",), "Dropdown"),
    "radiobuttons": CustomType("option", ("multiselectsearcher",), "Radio Buttons"),
    "multiselect": CustomType("options", ("multiselectsearcher",), "Select List (multiple choices)"),
    "multicheckboxes": CustomType("options", ("multiselectsearcher",), "Checkboxes"),
    "userpicker": CustomType("user", ("userpickergroupsearcher",), "User Picker (single user)"),
    "multiuserpicker": CustomType("users", ("userpickergroupsearcher",), "User Picker (multiple users)"),
    "labels": CustomType("labels", ("labelsearcher",), "Labels"),
    "url": CustomType("url", ("exacttextsearcher",), "URL Field"),
}

SYSTEM: tuple[Field, ...] = (
    Field("summary", "Summary", "summary"),
    Field("issuetype", "Issue Type", "issuetype"),
    Field("project", "Project", "project"),
    Field("parent", "Parent", "parent"),
    Field("status", "Status", "status"),
    Field("statusCategory", "Status Category", "category"),
    Field("statuscategorychangedate", "Status Category Changed", "stamp"),
    Field("priority", "Priority", "priority"),
    Field("resolution", "Resolution", "resolution"),
    Field("resolutiondate", "Resolved", "stamp"),
    Field("assignee", "Assignee", "user"),
    Field("reporter", "Reporter", "user"),
    Field("creator", "Creator", "user"),
    Field("description", "Description", "rich"),
    Field("environment", "Environment", "rich"),
    Field("labels", "Labels", "labels"),
    Field("components", "Components", "components"),
    Field("security", "Security Level", "security"),
    Field("duedate", "Due date", "date"),
    Field("created", "Created", "stamp"),
    Field("updated", "Updated", "stamp"),
    Field("issuelinks", "Linked Issues", "links"),
    Field("subtasks", "Sub-tasks", "subtasks"),
    Field("attachment", "Attachment", "attachments"),
    Field("comment", "Comment", "comments"),
)

# What people never put on a screen, and what the issue navigator does not show.
UNORDERABLE = frozenset(
    {"status", "statusCategory", "statuscategorychangedate", "resolutiondate", "creator", "created", "updated",
     "subtasks", "project"}
)  # fmt: skip
NOT_NAVIGABLE = frozenset({"attachment", "comment"})
JQL_NAMES: dict[str, tuple[str, ...]] = {
    "issuetype": ("issuetype", "type"),
    "duedate": ("due", "duedate"),
    "created": ("created", "createdDate"),
    "updated": ("updated", "updatedDate"),
    "resolutiondate": ("resolved", "resolutiondate"),
    "components": ("component",),
    "statuscategorychangedate": ("statusCategoryChangedDate",),
    "attachment": ("attachments",),
}
CLOUD_ONLY = frozenset({"statuscategorychangedate"})
HIDDEN_ON_DATACENTER = frozenset({"statusCategory"})
"""Known to JQL, in no list of fields and on no issue."""
UNSEARCHABLE = frozenset({"issuelinks", "subtasks", "security"})


def custom_type(field: Field) -> CustomType | None:
    """The field's custom type, None for a system field."""
    if field.custom == EPIC_LINK:
        return CustomType("epic", (), "Epic Link")
    return CUSTOM_TYPES[field.custom.removeprefix(TYPES)] if field.custom else None


def clause_names(field: Field) -> tuple[str, ...]:
    """The names by which JQL knows the field."""
    custom = custom_type(field)
    if custom is None:
        return () if field.id in UNSEARCHABLE else JQL_NAMES.get(field.id, (field.id,))
    number = field.id.removeprefix("customfield_")
    return (f"cf[{number}]", field.name, f"{field.name}[{custom.suffix}]")
