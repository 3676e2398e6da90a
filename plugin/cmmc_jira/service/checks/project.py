"""Whether the project is there, and holds what provisioning gives it."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.mapping import Tie
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.mend import by_provisioning
from cmmc_jira.service.checks.verdict import Check, Verdict
from cmmc_jira.service.wording import several
from cmmc_manifests import schema

PROJECT: Final = Check("project", "CMMC_JIRA_PROJECT", "All issues are made in this one project.")
PERMISSIONS: Final = Check(
    "permissions",
    "the project's permission scheme",
    "A permission that is missing stops the first write that needs it.",
)
TYPES: Final = Check("issue types", "the project's issue type scheme", "Issues of a type that is not there fail.")
FIELDS: Final = Check("fields", "the site's custom fields", "What is computed and what people enter stands in them.")
LINKS: Final = Check("link types", "the site's link types", "A link joins each issue of ours with its assessment.")
MAIL: Final = Check(
    "mail", "the project's permission scheme", "Jira mails watchers and assignees about what the service writes."
)

_SUPPRESSES: Final = ("ADMINISTER", "ADMINISTER_PROJECTS")


def project(case: Case) -> Iterator[Verdict]:
    """Yield whether the project is there under its key, and can use the site's fields."""
    try:
        found = case.admin.project(case.project)
    except JiraRefused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        mend = (
            f'Set CMMC_JIRA_PROJECT to the key as Jira shows it, or grant "{_rights(case)["BROWSE_PROJECTS"]}" there.'
        )
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
    rights = _rights(case)
    held = case.checkup.permissions(case.project, tuple(rights))
    lacking = [name for key, name in rights.items() if not held[key]]
    for name in lacking:
        yield PERMISSIONS.fault(
            f'The service account lacks the permission "{name}".', f'Grant "{name}" in {case.project} to its role.'
        )
    if not lacking:
        yield PERMISSIONS.ok(f"The service account holds all {len(rights)} permissions that it needs.")


def types(case: Case) -> Iterator[Verdict]:
    """Yield the issue types of ours that cannot be created in the project, as one fault."""
    there, names = case.checkup.types(case.project), [case.mapping.type_name(each.key) for each in schema.issue_types()]
    lacking = [name for name in names if name not in there]
    if lacking:
        nouns = "issue type" if len(lacking) == 1 else "issue types"
        yield TYPES.fault(f"The {nouns} {several(lacking)} cannot be created in {case.project}.", by_provisioning(case))
    else:
        yield TYPES.ok(f"All {len(names)} issue types can be created.")


def fields(case: Case) -> Iterator[Verdict]:
    """Yield each field of ours that is missing, is there twice or has another type."""
    case.jira.forget_fields()
    try:
        found = map_fields(case.jira.fields(), flavour=case.jira.site().flavour, mapping=case.mapping)
    except JiraRefused as refused:
        yield from FIELDS.refused(refused)
    else:
        yield FIELDS.ok(f"All {len(found.ids)} fields are there, once each and of the right type.")


def links(case: Case) -> Iterator[Verdict]:
    """Yield each link type that the service uses and the site lacks."""
    there = case.admin.link_types()
    wanted = {case.mapping.link_type} if case.mapping.tie is Tie.LINK else set()
    for name in sorted(wanted - there):
        yield LINKS.fault(f'This Jira has no link type "{name}".', by_provisioning(case))
    if wanted <= there:
        yield LINKS.ok("Every link type that is used is there.")


def mail(case: Case) -> Iterator[Verdict]:
    """Yield whether our account could keep Jira from mailing about an edit; it is told, and no fault either way."""
    held = case.checkup.permissions(case.project, _SUPPRESSES)
    if any(held.values()):
        yield MAIL.ok("The service account could edit without mails; it does not, so that people learn of changes.")
    else:
        yield MAIL.ok("Jira mails about each edit; only an administrator of the project could edit without mails.")


def _rights(case: Case) -> Mapping[str, str]:
    """Return what the service account needs in the project: Jira's key and the name that this Jira's pages show."""
    return {spec.key: spec.names[case.jira.site().flavour] for spec in schema.permissions() if not spec.when}
