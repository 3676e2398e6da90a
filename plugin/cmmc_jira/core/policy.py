"""The policy: how the organisation behaves within the law. It is replaced file by file, and never by a setting."""

from dataclasses import dataclass

from cmmc_jira.core.backplan import BackPlan
from cmmc_jira.core.escalation import Escalation
from cmmc_jira.core.owners import Owners


@dataclass(frozen=True, slots=True)
class Policy:
    """Who owns what (owners.yaml), what is said when (escalation.yaml), and the plan back from a deadline."""

    owners: Owners
    escalation: Escalation
    backplan: BackPlan
