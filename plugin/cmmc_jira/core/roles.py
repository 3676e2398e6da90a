"""Who is told: a role made a person, or the next role up where nobody is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from cmmc_jira.core.issues import Actual
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Role


@dataclass(frozen=True, slots=True)
class Told:
    """The user ids to tell, each once, in the order of the roles, and a sentence for each role nobody is known for."""

    people: tuple[str, ...]
    notes: tuple[str, ...] = ()


def told(roles: Sequence[Role], *, issue: Actual | None, world: World, owners: Owners) -> Told:
    """Return whom to tell about the issue of an item, or (None) about the assessment as a whole."""
