"""What a project lacks, decided from records alone: adopt by name, refuse what is unclear, leave others' things be."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmmc_jira.core.mapping import ProjectMapping, Tie, Workflow
from cmmc_jira.service.admin import Filter, Host, IssueType, TypeScheme, Webhook
from cmmc_jira.service.blueprint import blueprint
from cmmc_jira.service.shortfall import shortfall
from cmmc_jira.service.steps import (
    ByHand,
    CreateField,
    CreateFilter,
    CreateIssueType,
    CreateLinkType,
    CreateRole,
    CreateWebhook,
    MendWebhook,
    OfferIssueTypes,
    Present,
    ShareFilter,
    by_hand,
    by_us,
)
from support.present import (
    DATACENTER,
    EMPTY,
    EMPTY_DATACENTER,
    LISTENER,
    WANTED,
    complete,
    complete_datacenter,
    kinds,
    lacks,
    refusal,
)

WHOLE = {"cloud": complete, "datacenter": complete_datacenter}


def test_an_empty_project_lacks_everything_in_an_order_in_which_it_can_be_made() -> None:
    names = kinds(lacks(EMPTY))
    assert names.count("CreateIssueType") == 4
    assert names.count("CreateField") == len(WANTED.fields)
    assert names.count("CreateScreen") == names.count("ShowFields") == names.count("CreateScreenScheme") == 4
    assert names.index("OfferIssueTypes") == 4
    assert names.index("CreateScreen") > max(n for n, name in enumerate(names) if name == "CreateField")
    assert names[-5:] == ["UseScreens", "CreateFilter", "CreateFilter", "CreateFilter", "CreateWebhook"]


def test_on_data_center_a_person_makes_what_there_is_no_rest_for_and_we_make_the_rest() -> None:
    steps = lacks(EMPTY_DATACENTER)
    choices = [spec for spec in WANTED.fields if spec.options]
    assert set(kinds(by_us(steps))) == {
        "CreateIssueType", "OfferIssueTypes", "CreateField", "CreateFilter", "CreateWebhook",
    }  # fmt: skip
    assert [step.what for step in by_hand(steps)][: len(choices)] == [
        f'Add the options of the field "{spec.name}"' for spec in choices
    ]
    assert len(by_hand(steps)) == len(choices) + 3


@pytest.mark.parametrize("empty", [EMPTY, EMPTY_DATACENTER], ids=["cloud", "datacenter"])
def test_every_step_says_what_it_does_and_why_without_the_secret(empty: Present) -> None:
    steps = lacks(empty)
    assert all(step.what and step.why.endswith(".") for step in steps)
    assert LISTENER.secret not in repr(steps)


@pytest.mark.parametrize("flavour", WHOLE)
def test_a_project_that_has_everything_lacks_nothing(flavour: str) -> None:
    assert lacks(WHOLE[flavour]()) == ()


def test_without_an_address_no_webhook_is_asked_for() -> None:
    assert "CreateWebhook" not in kinds(shortfall(WANTED, replace(EMPTY, webhooks=None), None))


def test_the_existing_issue_type_is_adopted_and_only_offered_in_the_project() -> None:
    present = replace(EMPTY, issue_types=[*EMPTY.issue_types, IssueType("9", "CMMC Status", subtask=False)])
    steps = lacks(present)
    assert [step.wanted.name for step in steps if isinstance(step, CreateIssueType)] == [
        "CMMC Assessment", "CMMC Remediation", "CMMC Finding",
    ]  # fmt: skip
    (offer,) = [step for step in steps if isinstance(step, OfferIssueTypes)]
    assert "CMMC Status" in offer.names


def test_an_issue_type_scheme_that_other_projects_share_is_refused_with_the_mend() -> None:
    scheme = TypeScheme("20", "CMMC Types", ("1",), frozenset({"10000", "10001"}))
    assert "is shared with 1 other project" in refusal(replace(EMPTY, type_scheme=scheme))
    assert "give CMMC an issue type scheme of its own" in refusal(replace(EMPTY, type_scheme=scheme))


def test_a_team_managed_project_is_refused() -> None:
    assert "team-managed" in refusal(replace(EMPTY, project=replace(EMPTY.project, team_managed=True)))


def test_a_project_that_has_another_key_by_now_is_refused_with_that_key() -> None:
    present = replace(EMPTY, project=replace(EMPTY.project, key="GRC"))
    assert "set CMMC_JIRA_PROJECT to GRC" in refusal(present)


def test_a_sub_task_type_with_our_name_is_refused_unless_the_project_ties_by_the_parent() -> None:
    present = replace(EMPTY, issue_types=[IssueType("9", "CMMC Status", subtask=True)])
    assert '"CMMC Status" (9) is a sub-task type' in refusal(present)
    assert lacks(present, blueprint("CMMC", mapping=ProjectMapping(tie=Tie.PARENT)))


def test_all_mistakes_are_told_at_once() -> None:
    present = replace(
        EMPTY,
        project=replace(EMPTY.project, team_managed=True),
        issue_types=[IssueType("9", "CMMC Status", subtask=True)],
    )
    assert len(refusal(present).splitlines()) == 2


def test_the_names_of_a_mapped_project_are_adopted_and_missing_ones_made_under_them() -> None:
    mapping = ProjectMapping(issue_types={"remediation": "Task"}, fields={"SSP": "Security Plan"})
    steps = lacks(EMPTY, blueprint("CMMC", mapping=mapping))
    made = [step.wanted.name for step in steps if isinstance(step, CreateIssueType)]
    fields = {step.spec.name for step in steps if isinstance(step, CreateField)}
    assert made == ["CMMC Assessment", "CMMC Status", "CMMC Finding"]
    assert "Security Plan" in fields
    assert "SSP" not in fields


def test_one_type_that_stands_for_two_of_ours_is_made_once_and_shows_what_both_need() -> None:
    mapping = ProjectMapping(issue_types={"remediation": "Work", "finding": "Work"})
    wanted = blueprint("CMMC", mapping=mapping)
    (row,) = [row for row in wanted.types if row.name == "Work"]
    assert {"CMMC Points", "CMMC Claim"} <= set(row.ours)
    assert len({*row.ours}) == len(row.ours)
    assert kinds(lacks(EMPTY, wanted)).count("CreateIssueType") == 3


def test_a_missing_link_type_is_created() -> None:
    (step,) = lacks(replace(complete(), link_types=frozenset({"Blocks"})))
    assert isinstance(step, CreateLinkType)
    assert step.spec.name == "Relates"


def test_a_project_role_is_made_only_when_the_policy_names_it_and_jira_has_none() -> None:
    assert "CreateRole" not in kinds(lacks(EMPTY))
    wanted = blueprint("CMMC", manager_role="Team Leads")
    (step,) = lacks(complete(), wanted)
    assert isinstance(step, CreateRole)
    assert step.name == "Team Leads"
    assert lacks(replace(complete(), roles=frozenset({"Team Leads"})), wanted) == ()


def test_a_project_role_that_jira_spells_otherwise_is_refused() -> None:
    present = replace(complete(), roles=frozenset({"Team Leads"}))
    assert 'this Jira spells "Team Leads"' in refusal(present, blueprint("CMMC", manager_role="team leads"))


@pytest.mark.parametrize("flavour", WHOLE)
def test_a_filter_is_made_once_and_stays_as_people_make_it(flavour: str) -> None:
    present = WHOLE[flavour]()
    kept = [Filter("9", "CMMC CMMC: overdue", shared=True, ours=False)]
    assert [step.spec.name for step in lacks(replace(present, filters=kept)) if isinstance(step, CreateFilter)] == [
        "CMMC CMMC: open items by owner", "CMMC CMMC: ready for closeout",
    ]  # fmt: skip


def test_a_filter_of_ours_is_shared_on_data_center_alone_where_that_is_a_call_of_its_own() -> None:
    def unshared(present: Present) -> Present:
        return replace(present, filters=[replace(row, shared=False) for row in present.filters])

    assert kinds(lacks(unshared(complete_datacenter()))) == ["ShareFilter"] * 3
    assert lacks(unshared(complete())) == ()
    theirs = replace(complete_datacenter(), filters=[replace(row, ours=False) for row in complete().filters])
    assert not any(isinstance(step, ShareFilter) for step in lacks(theirs))


def test_filters_speak_the_words_of_a_mapped_project() -> None:
    mapping = ProjectMapping(
        issue_types={"remediation": 'The "Work"'},
        fields={"CMMC Finding": "customfield_10077"},
        workflow={"remediation": Workflow(ready=frozenset({"verified"}))},
    )
    jql = blueprint("GRC", mapping=mapping).filters[-1].jql
    assert r'project = "GRC" AND issuetype = "The \"Work\"" AND status in ("verified")' in jql
    assert 'cf[10077] = "NOT MET"' in jql


@pytest.mark.parametrize(
    ("held", "lack"), [({"new", "indeterminate"}, "Done"), ({"done"}, "To Do"), ({"new", "done"}, None)]
)
def test_a_workflow_without_an_end_or_a_beginning_is_for_a_person_to_mend(held: set[str], lack: str | None) -> None:
    present = complete()
    status = next(row.id for row in present.issue_types if row.name == "CMMC Status")
    steps = lacks(replace(present, categories={**present.categories, status: frozenset(held)}))
    assert [step.what for step in steps] == (
        [f'Add a status of the category "{lack}" to the workflow of "CMMC Status"'] if lack else []
    )
    assert all(isinstance(step, ByHand) for step in steps)


def mended(present: Present, change: Callable[[Webhook], Webhook]) -> str:
    assert present.webhooks
    (step,) = lacks(replace(present, webhooks=[change(present.webhooks[0])]))
    assert isinstance(step, MendWebhook)
    return step.why


@pytest.mark.parametrize("flavour", WHOLE)
def test_our_own_webhook_is_mended_when_it_is_off_or_unsigned_or_leaves_out_events(flavour: str) -> None:
    present = WHOLE[flavour]()
    assert "is switched off" in mended(present, lambda hook: replace(hook, enabled=False))
    assert "is not signed" in mended(present, lambda hook: replace(hook, signed=False))
    assert "leaves out events" in mended(present, lambda hook: replace(hook, events=frozenset({"jira:issue_created"})))


def test_a_filter_that_somebody_changed_on_the_webhook_is_seen_where_jira_tells_of_it() -> None:
    assert 'is filtered by ""' in mended(complete(), lambda hook: replace(hook, filter=""))


@pytest.mark.parametrize("flavour", WHOLE)
def test_a_webhook_to_another_address_is_none_of_ours(flavour: str) -> None:
    present = WHOLE[flavour]()
    hooks = [replace(hook, url="https://elsewhere.example/hook") for hook in present.webhooks or ()]
    (step,) = lacks(replace(present, webhooks=hooks))
    assert isinstance(step, CreateWebhook)


def test_where_a_filter_cannot_be_given_over_rest_the_step_says_what_to_enter() -> None:
    (step,) = lacks(replace(complete_datacenter(), webhooks=[]))
    assert 'enter project = "CMMC" as the JQL' in step.why
    (cloud,) = lacks(replace(complete(), webhooks=[]))
    assert "JQL" not in cloud.why


@pytest.mark.parametrize(("version", "made"), [((9, 12, 4), False), ((10, 0), True), ((11, 3), True), ((), False)])
def test_no_webhook_is_made_where_deliveries_would_come_unsigned(version: tuple[int, ...], *, made: bool) -> None:
    host = Host("datacenter", version, DATACENTER.address)
    steps = lacks(replace(complete_datacenter(), host=host, webhooks=[]))
    assert ("CreateWebhook" in kinds(steps)) == made
