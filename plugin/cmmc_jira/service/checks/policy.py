"""Whether the policy is valid, and whether Jira knows the people, roles and priorities that it names."""

from collections.abc import Iterator
from typing import Final

from cmmc_jira.errors import BadSetting, JiraRefused
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

POLICY: Final = Check("policy", "the folder of CMMC_JIRA_POLICY", "The service does not start with a policy in doubt.")
PEOPLE: Final = Check("people", "owners.yaml", "An issue whose owner is unknown stays unassigned, and nobody is told.")
MANAGERS: Final = Check("manager role", "owners.yaml", "Without it the compliance lead is told in the manager's place.")
PRIORITIES: Final = Check(
    "priorities", "escalation.yaml", "Jira refuses an edit that sets a priority it does not have."
)


def policy(case: Case) -> Iterator[Verdict]:
    """Yield whether the policy is valid."""
    try:
        case.policy()
    except BadSetting as wrong:
        for mistake in wrong.mistakes:
            yield POLICY.fault(mistake, "Mend the line that is named; the guide's section The policy says how.")
    else:
        yield POLICY.ok("The policy is valid.")


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


def priorities(case: Case) -> Iterator[Verdict]:
    """Yield each priority that the ladders set and Jira does not have."""
    wanted = {rung.priority for ladder in case.policy().escalation.ladders for rung in ladder.rungs if rung.priority}
    there = case.checkup.priorities() if wanted else frozenset()
    for name in sorted(wanted - there):
        yield PRIORITIES.fault(
            f'Jira has no priority "{name}".', f"Write one of {', '.join(sorted(there))}, or create it in Jira."
        )
    if wanted <= there:
        yield PRIORITIES.ok("Jira has every priority that the ladders set.")
