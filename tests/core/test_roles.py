"""Who is told: each role's own people, each once; and where nobody is known the next role up, which is said."""

from dataclasses import replace

import pytest

from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.roles import Told, told
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Role
from support.worlds import world

OWNERS = Owners({}, {}, {"ada@example.com": "bo@example.com", "gone@example.com": "cy@example.com", "self": "self"})
KNOWN = {"ada@example.com": "ada-1", "bo@example.com": "bo-1", "cy@example.com": "cy-1", "self": "self-1"}
OWNER, MANAGER, LEAD, OFFICIAL = Role
LEA, OLI = {"Compliance_Lead": "lea"}, {"Affirming_Official": "oli"}
NO_MANAGER = "name one under managers in the policy (owners.yaml)."


def seen(*, managers: tuple[str, ...] = (), **entered: str) -> World:
    fields = {"Compliance_Lead": "", **entered}
    return replace(world((), **fields), owners=KNOWN, managers=managers)


def issue(assignee: str | None) -> Actual:
    fields = {"Assignee": assignee} if assignee else {}
    return Actual("1", "CMMC-7", Kind.REMEDIATION, "AC.L2-3.1.3", Category.NEW, fields)


def ask(*roles: Role, assignee: str | None = "ada-1", **entered: str) -> Told:
    return told(roles, issue=issue(assignee), world=seen(**entered), owners=OWNERS)


def test_each_role_has_its_own_people_in_the_order_asked_for() -> None:
    found = ask(OFFICIAL, OWNER, MANAGER, LEAD, Compliance_Lead="lea", Affirming_Official="oli")
    assert found == Told(("oli", "ada-1", "bo-1", "lea"))


@pytest.mark.parametrize(
    ("entered", "people"),
    [
        ({"Compliance_Lead": "ada-1"}, ("ada-1",)),
        ({"Compliance_Lead": "lea", "Affirming_Official": "lea"}, ("ada-1", "lea")),
    ],
)
def test_a_person_with_several_roles_is_told_once(entered: dict[str, str], people: tuple[str, ...]) -> None:
    roles = (OWNER, LEAD, OFFICIAL) if len(entered) > 1 else (OWNER, LEAD)
    assert ask(*roles, **entered) == Told(people)


SO_LEAD, SO_OFFICIAL = "so the compliance lead is told", "so the affirming official is told"


@pytest.mark.parametrize(
    ("role", "assignee", "entered", "people", "note"),
    [
        (OWNER, None, LEA, ("lea",), f"No owner is known, {SO_LEAD}: assign the issue."),
        (MANAGER, "zoe", LEA, ("lea",), f"No owner's manager is known, {SO_LEAD}: {NO_MANAGER}"),
        (MANAGER, "zoe", OLI, ("oli",), f"No owner's manager is known, {SO_OFFICIAL}: {NO_MANAGER}"),
        (LEAD, "zoe", OLI, ("oli",), f"No compliance lead is known, {SO_OFFICIAL}: enter Compliance Lead on CMMC-1."),
        (OFFICIAL, "zoe", LEA, (), "No affirming official is known: enter Affirming Official on CMMC-1."),
        (OWNER, None, {}, (), "No owner is known, nor anybody in a role above: assign the issue."),
    ],
    ids=["no owner", "no manager", "neither manager nor lead", "no lead", "no official", "nobody at all"],
)
def test_where_nobody_is_known_the_next_role_up_is_told_and_it_is_said(
    role: Role, assignee: str | None, entered: dict[str, str], people: tuple[str, ...], note: str
) -> None:
    assert ask(role, assignee=assignee, **entered) == Told(people, (note,))


def test_the_members_of_the_project_role_stand_in_for_a_manager_that_is_not_named() -> None:
    found = told([MANAGER], issue=issue("zoe"), world=seen(managers=("max", "mia")), owners=OWNERS)
    assert found == Told(("max", "mia"))
    named = told([MANAGER], issue=issue("ada-1"), world=seen(managers=("max", "mia")), owners=OWNERS)
    assert named == Told(("bo-1",))


@pytest.mark.parametrize("assignee", ["self-1", "max"])
def test_nobody_is_their_own_manager(assignee: str) -> None:
    found = told([MANAGER], issue=issue(assignee), world=seen(managers=("max",), Compliance_Lead="lea"), owners=OWNERS)
    assert found.people == (("max",) if assignee == "self-1" else ("lea",))
    assert assignee not in found.people


def test_an_issue_without_an_owner_has_no_manager_that_the_policy_names_for_somebody_unknown() -> None:
    found = told([MANAGER], issue=issue(None), world=seen(Compliance_Lead="lea"), owners=OWNERS)
    assert found.people == ("lea",)


def test_a_manager_whom_jira_does_not_know_is_as_good_as_none() -> None:
    without = replace(seen(Compliance_Lead="lea"), owners={"ada@example.com": "ada-1"})
    found = told([MANAGER], issue=issue("ada-1"), world=without, owners=OWNERS)
    assert found == Told(("lea",), (f"No owner's manager is known, so the compliance lead is told: {NO_MANAGER}",))


def test_the_assessment_as_a_whole_has_no_owner() -> None:
    found = told(
        [LEAD, OFFICIAL], issue=None, world=seen(Compliance_Lead="lea", Affirming_Official="oli"), owners=OWNERS
    )
    assert found == Told(("lea", "oli"))
