"""What custom fields lack: one of each name and type, in the project, with every option that can be chosen."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.service.admin import Context, Field
from cmmc_jira.service.blueprint import blueprint
from cmmc_jira.service.shortfall_fields import shown_whole
from cmmc_jira.service.steps import AddOptions, ByHand, CreateContext, CreateField, Present, Step
from support.present import (
    EMPTY,
    EMPTY_DATACENTER,
    WANTED,
    complete,
    complete_datacenter,
    context,
    field_of,
    kinds,
    lacks,
    refusal,
)

FINDING = ("MET", "NOT MET", "N/A")


def test_two_fields_of_one_name_are_refused_with_their_ids() -> None:
    twins = [Field("customfield_1", "SSP", "string"), Field("customfield_2", "SSP", "string")]
    assert '2 fields named "SSP" (customfield_1, customfield_2)' in refusal(replace(EMPTY, fields=twins))


@pytest.mark.parametrize("empty", [EMPTY, EMPTY_DATACENTER], ids=["cloud", "datacenter"])
def test_a_field_of_the_right_name_and_wrong_type_is_refused(empty: Present) -> None:
    fields = [Field("customfield_1", "CMMC Points", "string")]
    assert '"CMMC Points" (customfield_1) holds string' in refusal(replace(empty, fields=fields))


def test_labels_are_no_checkboxes_although_both_are_lists() -> None:
    fields = [Field("customfield_1", "CMMC Claim Conditions", "array", "string")]
    assert "holds array of string" in refusal(replace(EMPTY, fields=fields))


def test_a_mapped_id_means_that_field_whatever_its_name_and_is_never_made() -> None:
    wanted = blueprint("CMMC", mapping=ProjectMapping(fields={"SSP": "customfield_77"}))
    assert "which this Jira does not have" in refusal(EMPTY, wanted)
    there = replace(EMPTY, fields=[Field("customfield_77", "Plan", "string"), Field("customfield_78", "SSP", "number")])
    steps = lacks(there, wanted)
    assert not any(isinstance(step, CreateField) and step.spec.name in ("SSP", "customfield_77") for step in steps)


def test_fields_are_made_with_the_options_of_the_manifest() -> None:
    steps = [step for step in lacks(EMPTY) if isinstance(step, CreateField)]
    assert [step.spec for step in steps] == list(WANTED.fields)


def seen(present: Present, *contexts: Context) -> Present:
    """Return a whole project in which one field's contexts had to be read, because no form showed it whole."""
    return replace(present, contexts={field_of(present, "CMMC Finding").id: list(contexts)})


def only(present: Present, *contexts: Context) -> Step:
    (step,) = lacks(seen(present, *contexts))
    return step


def test_a_field_that_applies_with_all_its_options_lacks_nothing() -> None:
    assert lacks(seen(complete(), context(options=["Other", *FINDING]))) == ()


def test_a_field_without_any_option_gets_them_where_it_applies() -> None:
    step = only(complete(), context())
    assert isinstance(step, AddOptions)
    assert step.options == FINDING


def test_missing_options_are_added_to_a_context_of_the_project_alone() -> None:
    step = only(complete(), context(options=["MET", "Other"], projects=["10000"]))
    assert isinstance(step, AddOptions)
    assert step.options == ("NOT MET", "N/A")


APART = pytest.mark.parametrize(
    "contexts",
    [[context(options=["MET", "Other"])], [context(options=FINDING, projects=["10001"])], []],
    ids=["everywhere", "of another project", "none"],
)


@APART
def test_options_that_others_use_stay_and_the_project_gets_a_context_of_its_own(contexts: list[Context]) -> None:
    step = only(complete(), *contexts)
    assert isinstance(step, CreateContext)
    assert step.options == FINDING


@APART
def test_on_data_center_a_person_makes_that_context_and_enters_the_options(contexts: list[Context]) -> None:
    present = complete_datacenter()
    step = only(present, *contexts)
    assert isinstance(step, ByHand)
    number = field_of(present, "CMMC Finding").id.removeprefix("customfield_")
    assert step.page == f"https://jira.test/secure/admin/ConfigureCustomField!default.jspa?customFieldId={number}"
    assert '"CMMC: CMMC Finding"' in step.lines[0]
    assert '"Our enclave (CMMC)"' in step.lines[0]
    assert step.lines[1].endswith('in this order: "MET", "NOT MET", "N/A".')


def test_on_data_center_a_person_adds_what_is_missing_and_nothing_else() -> None:
    step = only(complete_datacenter(), context(options=["MET"], projects=["10000"]))
    assert isinstance(step, ByHand)
    assert step.lines[-1].endswith('in this order: "NOT MET", "N/A".')


@pytest.mark.parametrize("whole", [complete, complete_datacenter], ids=["cloud", "datacenter"])
def test_a_context_that_some_projects_share_cannot_be_parted_so_a_person_must(whole: Callable[[], Present]) -> None:
    said = refusal(seen(whole(), context(options=["MET"], projects=["10000", "10001"])))
    assert 'shared with 1 other project and lacks "NOT MET" and "N/A"' in said
    assert "take CMMC out of it" in said


def test_an_option_that_somebody_disabled_is_told_and_not_made_again() -> None:
    said = refusal(seen(complete(), context(options=["MET", "N/A"], disabled=["NOT MET"])))
    id_ = field_of(complete(), "CMMC Finding").id
    assert said.startswith(f'The option "NOT MET" of the field "CMMC Finding" ({id_}) is disabled: enable')
    assert len(said.splitlines()) == 1


def test_a_field_that_applies_to_some_issue_types_only_is_told() -> None:
    assert "applies to some issue types only" in refusal(seen(complete(), context(options=FINDING, every_type=False)))


def test_only_a_field_that_every_form_shows_with_all_its_options_needs_no_second_look() -> None:
    present = complete()
    finding = field_of(present, "CMMC Finding").id
    forms = {id_: dict(form) for id_, form in present.forms.items()}
    whole = shown_whole(WANTED, present.fields, present.issue_types, forms)
    assert {row.id for row in present.fields if row.id.startswith("custom")} == whole
    holder = next(id_ for id_, form in forms.items() if finding in form)
    forms[holder][finding] = frozenset({"MET"})
    assert shown_whole(WANTED, present.fields, present.issue_types, forms) == whole - {finding}


def test_on_data_center_a_new_field_is_made_by_us_and_its_options_by_a_person() -> None:
    steps = [step for step in lacks(EMPTY_DATACENTER) if "CMMC Level" in step.what]
    assert kinds(steps) == ["CreateField", "ByHand"]
    assert isinstance(steps[1], ByHand)
    assert steps[1].page.startswith("https://jira.test/secure/admin/ViewCustomFields.jspa")
