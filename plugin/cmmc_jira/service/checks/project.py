"""Whether the project is there, and holds what provisioning gives it."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from cmmc_jira.core.fields import map_fields
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_manifests import schema
from cmmc_manifests.schema import IssueTypeSpec

PROJECT: Final = Check("project", "CMMC_JIRA_PROJECT", "All issues are made in this one project.")
PERMISSIONS: Final = Check(
    "permissions",
    "the project's permission scheme",
    "A permission that is missing stops the first write that needs it.",
)
TYPES: Final = Check("issue types", "the project's issue type scheme", "Issues of a type that is not there fail.")
FIELDS: Final = Check("fields", "the site's custom fields", "What is computed and what people enter stands in them.")
SCREENS: Final = Check(
    "screens",
    "the screens of our issue types",
    "Jira refuses a whole issue for one field that its screen does not show.",
)
REQUIRED: Final = Check(
    "required fields",
    "the project's field configuration",
    "The service cannot know what to put into them, so Jira would refuse every issue that it creates.",
)

RIGHTS: Final = {
    "BROWSE_PROJECTS": "Browse projects",
    "CREATE_ISSUES": "Create issues",
    "EDIT_ISSUES": "Edit issues",
    "ASSIGN_ISSUES": "Assign issues",
    "ASSIGNABLE_USER": "Assignable user",
    "TRANSITION_ISSUES": "Transition issues",
    "LINK_ISSUES": "Link issues",
    "ADD_COMMENTS": "Add comments",
    "CREATE_ATTACHMENTS": "Create attachments",
    "DELETE_OWN_ATTACHMENTS": "Delete own attachments",
    "SCHEDULE_ISSUES": "Schedule issues",
}
"""What the service account needs in the project: Jira's key and the name that its pages show."""

_PROVISION: Final = "Run `cmmc-jira provision` with an administrator's token."
_OWN: Final = ("remediation", "status")
_GIVEN: Final = frozenset({"project", "issuetype", "summary", "description", "labels", "reporter"})


def project(case: Case) -> Iterator[Verdict]:
    """Yield whether the project is there under its key, and can use the site's fields."""
    try:
        found = case.admin.project(case.project)
    except JiraRefused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        mend = f'Set CMMC_JIRA_PROJECT to the key as Jira shows it, or grant "{RIGHTS["BROWSE_PROJECTS"]}" there.'
        yield PROJECT.fault(str(refused), mend)
        return
    if found.team_managed:
        yield PROJECT.fault(
            f"{found.key} is team-managed, so it cannot use the site's issue types and fields.",
            "Make a company-managed project and set CMMC_JIRA_PROJECT to its key.",
        )
    if found.key != case.project:
        yield PROJECT.fault(
            f"The project {case.project} is now {found.key}.", f"Set CMMC_JIRA_PROJECT to {found.key} and restart."
        )
    elif not found.team_managed:
        yield PROJECT.ok(f"{found.key} is there: {found.name}.")


def permissions(case: Case) -> Iterator[Verdict]:
    """Yield each permission that our account lacks in the project."""
    held = case.checkup.permissions(case.project, tuple(RIGHTS))
    lacking = [name for key, name in RIGHTS.items() if not held[key]]
    for name in lacking:
        yield PERMISSIONS.fault(
            f'The service account lacks the permission "{name}".', f'Grant "{name}" in {case.project} to its role.'
        )
    if not lacking:
        yield PERMISSIONS.ok(f"The service account holds all {len(RIGHTS)} permissions that it needs.")


def types(case: Case) -> Iterator[Verdict]:
    """Yield each issue type of ours that cannot be created in the project."""
    there = case.checkup.types(case.project)
    lacking = [spec.name for spec in schema.issue_types() if spec.name not in there]
    for name in lacking:
        yield TYPES.fault(f'The issue type "{name}" cannot be created in {case.project}.', _PROVISION)
    if not lacking:
        yield TYPES.ok(f"All {len(schema.issue_types())} issue types can be created.")


def fields(case: Case) -> Iterator[Verdict]:
    """Yield each field of ours that is missing, is there twice or has another type."""
    case.jira.forget_fields()
    try:
        found = map_fields(case.jira.fields(), flavour=case.jira.site().flavour)
    except JiraRefused as refused:
        yield from FIELDS.refused(refused)
    else:
        yield FIELDS.ok(f"All {len(found.ids)} fields are there, once each and of the right type.")


def screens(case: Case) -> Iterator[Verdict]:
    """Yield each issue type whose form lacks fields of ours."""
    whole = True
    for spec, shown in _forms(case):
        wanted = [row.name for row in schema.fields() if spec.key in row.used_on]
        lacking = [name for name in wanted if name not in shown]
        if lacking:
            whole = False
            yield SCREENS.fault(
                f'The form of "{spec.name}" does not show {", ".join(lacking)}.',
                _PROVISION,
                where=f'the screen of "{spec.name}"',
            )
    if whole:
        yield SCREENS.ok("Every form that can be opened shows the fields that belong on it.")


def required(case: Case) -> Iterator[Verdict]:
    """Yield each field that an issue of the service's own cannot do without, and that the service does not fill."""
    known = {row.name for row in schema.fields()}
    whole = True
    for spec, form in _needed(case):
        for id_, name in form.items():
            if id_ not in _GIVEN and name not in known:
                whole = False
                yield REQUIRED.fault(
                    f'"{name}" ({id_}) is required on a "{spec.name}" and has no default.',
                    f'Make "{name}" optional in {case.project}, or give it a default value.',
                )
    if whole:
        yield REQUIRED.ok("No field is required that the service does not fill.")


def _forms(case: Case) -> Iterator[tuple[IssueTypeSpec, frozenset[str]]]:
    """Yield the names of the fields on the form of each issue type that is there."""
    there = case.checkup.types(case.project)
    for spec in schema.issue_types():
        if spec.name in there:
            yield spec, frozenset(row.name for row in case.checkup.form(case.project, there[spec.name]))


def _needed(case: Case) -> Iterator[tuple[IssueTypeSpec, dict[str, str]]]:
    """Yield the required fields without a default, by id, of each issue type that the service writes."""
    there = case.checkup.types(case.project)
    for spec in schema.issue_types():
        if spec.key in _OWN and spec.name in there:
            rows = case.checkup.form(case.project, there[spec.name])
            yield spec, {row.id: row.name for row in rows if row.needed}
