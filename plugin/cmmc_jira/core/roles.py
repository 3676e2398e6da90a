"""Who is told: a role made a person, or the next role up where nobody is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cmmc_jira.core.fields import ASSIGNEE
from cmmc_jira.core.issues import Actual
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Role

_LADDER: Final = tuple(Role)
_WORDS: Final = {
    Role.OWNER: "owner",
    Role.OWNERS_MANAGER: "owner's manager",
    Role.COMPLIANCE_LEAD: "compliance lead",
    Role.AFFIRMING_OFFICIAL: "affirming official",
}
_MEND: Final = {
    Role.OWNER: "assign the issue",
    Role.OWNERS_MANAGER: "name one under managers in the policy (owners.yaml)",
    Role.COMPLIANCE_LEAD: "enter Compliance Lead on {key}",
    Role.AFFIRMING_OFFICIAL: "enter Affirming Official on {key}",
}


@dataclass(frozen=True, slots=True)
class Told:
    """The user ids to tell, each once, in the order of the roles, and a sentence for each role nobody is known for."""

    people: tuple[str, ...]
    notes: tuple[str, ...] = ()


def told(roles: Sequence[Role], *, issue: Actual | None, world: World, owners: Owners) -> Told:
    """Return whom to tell about the issue of an item, or (None) about the assessment as a whole."""
    people: dict[str, None] = {}
    notes = []
    for role in roles:
        above = _LADDER[_LADDER.index(role) :]
        by_role = ((instead, _people(instead, issue, world, owners)) for instead in above)
        instead, found = next(((instead, found) for instead, found in by_role if found), (None, ()))
        if instead is not role:
            notes.append(_note(role, instead, world))
        people |= dict.fromkeys(found)
    return Told(tuple(people), tuple(notes))


def _people(role: Role, issue: Actual | None, world: World, owners: Owners) -> tuple[str, ...]:
    entered = world.assessment.fields
    by_role: Mapping[Role, Callable[[], tuple[str | None, ...]]] = {
        Role.OWNER: lambda: (issue.fields.get(ASSIGNEE),) if issue else (),
        Role.OWNERS_MANAGER: lambda: _managers(issue, world, owners),
        Role.COMPLIANCE_LEAD: lambda: (entered.get("Compliance Lead"),),
        Role.AFFIRMING_OFFICIAL: lambda: (entered.get("Affirming Official"),),
    }
    return tuple(person for person in by_role[role]() if person)


def _managers(issue: Actual | None, world: World, owners: Owners) -> tuple[str, ...]:
    """Return the manager whom the policy names for the issue's assignee, else the members of the project role.

    Nobody is their own manager: a note to oneself escalates nothing.
    """
    owner = issue.fields.get(ASSIGNEE) if issue else None
    mine = [boss for person, boss in owners.managers.items() if owner and owner in {person, world.owners.get(person)}]
    named = [world.owners.get(boss) for boss in mine]
    found = tuple(person for person in named if person and person != owner)
    return found or tuple(person for person in world.managers if person != owner)


def _note(role: Role, instead: Role | None, world: World) -> str:
    mend = _MEND[role].format(key=world.assessment.key)
    if instead:
        return f"No {_WORDS[role]} is known, so the {_WORDS[instead]} is told: {mend}."
    above = "" if role is _LADDER[-1] else ", nor anybody in a role above"
    return f"No {_WORDS[role]} is known{above}: {mend}."
