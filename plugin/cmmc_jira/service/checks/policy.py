"""Whether the policy is valid, and whether Jira knows the priorities that it names."""

from collections.abc import Iterator
from typing import Final

from cmmc_jira.errors import BadSetting
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Check, Verdict

POLICY: Final = Check("policy", "the folder of CMMC_JIRA_POLICY", "The service does not start with a policy in doubt.")
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
