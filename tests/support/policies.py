"""Policies for tests: one in which nothing is said and nothing is due, and the one that ships."""

from dataclasses import replace

from cmmc_jira.adapters.policy import read_policy
from cmmc_jira.core.backplan import BackPlan
from cmmc_jira.core.escalation import Escalation
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.policy import Policy
from cmmc_rules.law import load_law

NOBODY = Owners({}, {}, {})


def silent(owners: Owners = NOBODY) -> Policy:
    """Return a policy without ladders and without a plan back from the deadline."""
    return Policy(owners, Escalation(()), BackPlan({}))


def shipped(owners: Owners = NOBODY) -> Policy:
    """Return the policy that ships with this version, with other owners."""
    return replace(read_policy(None, load_law()), owners=owners)
