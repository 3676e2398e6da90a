"""Policies for tests: one in which nothing is said and nothing is due, and the one that ships."""

from cmmc_jira.core.backplan import BackPlan
from cmmc_jira.core.escalation import Escalation
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.policy import Policy

NOBODY = Owners({}, {}, {})


def silent(owners: Owners = NOBODY) -> Policy:
    """Return a policy without ladders and without a plan back from the deadline."""
    return Policy(owners, Escalation(()), BackPlan({}))
