"""Whether Jira knows the people whom the policy and the assessments name."""

from collections.abc import Iterator
from typing import Final

from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.jql import quoted
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

PEOPLE: Final = Check("people", "owners.yaml", "An issue whose owner is unknown stays unassigned, and nobody is told.")
MANAGERS: Final = Check("manager role", "owners.yaml", "Without it the compliance lead is told in the manager's place.")
ROLES: Final = Check(
    "roles", "the assessment issues", "What nobody is entered for is told to the next role up, or to nobody."
)
_ROLES: Final = ("Compliance Lead", "Affirming Official")
_SHOWN: Final = 5


def people(case: Case) -> Iterator[Verdict]:
    """Yield each owner, manager and component of the policy that cannot be found in the project."""
    owners, whole = case.policy().owners, True
    for name in sorted(owners.people()):
        if case.jira.user(name, case.project) is None:
            whole = False
            yield PEOPLE.warn(
                f"{name} is nobody, or nobody alone, to whom issues of {case.project} can be assigned.",
                f'Write the account id instead of the address, or grant {name} "Assignable user" in {case.project}.',
            )
    if wanted := owners.components():
        led = {str(row["name"]) for row in case.jira.components(case.project) if row.get("lead")}
        for name in sorted(wanted - led):
            whole = False
            yield PEOPLE.warn(
                f'The component "{name}" is not there, or has no lead.', f"Give it a lead in {case.project}."
            )
    if whole:
        yield PEOPLE.ok("Everybody whom the policy names can be assigned issues.")


def managers(case: Case) -> Iterator[Verdict]:
    """Yield whether somebody has the project role that stands in for managers."""
    role = case.policy().owners.manager_role
    if role is None:
        yield MANAGERS.ok("The policy names no project role for managers.")
        return
    try:
        members = case.jira.role_members(case.project, role)
    except JiraRefused as refused:
        yield MANAGERS.warn(
            str(refused).partition(": ")[0] + ".", 'Grant the service account "Administer projects", or name managers.'
        )
        return
    if members:
        yield MANAGERS.ok(f'{len(members)} people have the role "{role}".')
    else:
        yield MANAGERS.warn(
            f'No person has the role "{role}" in {case.project}; members of groups do not count.',
            f'Add a person to the role "{role}" in {case.project}.',
        )


def roles(case: Case) -> Iterator[Verdict]:
    """Yield each role for which open assessments name nobody, or somebody who is no longer active."""
    ours = map_fields(case.jira.fields(), flavour=case.jira.site().flavour, mapping=case.mapping)
    name = case.mapping.type_name("assessment")
    jql = f"project = {quoted(case.project)} AND issuetype = {quoted(name)} AND statusCategory != Done ORDER BY created"
    ids = {role: ours.ids[role] for role in _ROLES}
    found = case.jira.search(jql, list(ids.values()), until=lambda _: True)
    whole = True
    for role, id_ in ids.items():
        named = {str(raw["key"]): (raw.get("fields") or {}).get(id_) or {} for raw in found}
        if empty := [key for key, user in named.items() if not user]:
            whole = False
            yield ROLES.warn(f"No {role} is entered on {_some(empty)}.", f"Enter the {role} there.")
        if gone := [key for key, user in named.items() if user and not user.get("active", True)]:
            whole = False
            yield ROLES.warn(f"The {role} of {_some(gone)} is deactivated in Jira.", f"Enter another {role} there.")
    if whole:
        told = "Every open assessment names its compliance lead and its affirming official."
        yield ROLES.ok(told if found else "No assessment is open yet, so there are no roles to be filled.")


def _some(keys: list[str]) -> str:
    more = len(keys) - _SHOWN
    return f"{', '.join(keys[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"
