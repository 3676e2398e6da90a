"""How the demo's companies behave: the policy that ships with this version, with owners of their own."""

from dataclasses import replace
from importlib.resources import files

from cmmc_jira.adapters.policy import read_policy
from cmmc_jira.core.owners import read_owners
from cmmc_jira.core.policy import Policy
from cmmc_rules.law import load_law
from cmmc_rules.words import Level


def demo_policy() -> Policy:
    """Return the policy of the demo."""
    law, text = load_law(), (files("cmmc_jira.demo") / "owners.yaml").read_text(encoding="utf-8")
    requirements = [row for level in Level for row in law.requirements(level)]
    owners = read_owners(text, where="owners.yaml", requirements=requirements)
    return replace(read_policy(None, law), owners=owners)
