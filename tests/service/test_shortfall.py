"""What a project lacks, decided from records alone: adopt by name, refuse what is unclear, leave others' things be."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import (
    Context,
    Field,
    IssueType,
    Listener,
    Project,
    Screen,
    ScreenMapping,
    ScreenScheme,
    TypeScheme,
    Webhook,
)
from cmmc_jira.service.shortfall import scheme_name, screen_name, shortfall
from cmmc_jira.service.steps import (
    AddOptions,
    CreateContext,
    CreateField,
    CreateIssueType,
    CreateLinkType,
    CreateScreen,
    CreateWebhook,
    MendWebhook,
    OfferIssueTypes,
    Present,
    ShowFields,
    Step,
    UseScreens,
)
from cmmc_manifests import schema

LISTENER = Listener("http://127.0.0.1:8080/webhooks/jira", "s" * 32)
SHAPES = {
    "text": ("string", None), "number": ("number", None), "date": ("date", None), "select": ("option", None),
    "checkboxes": ("array", "option"), "user": ("user", None),
}  # fmt: skip
EMPTY = Present(
    project=Project("10000", "CMMC", "CMMC", team_managed=False),
    issue_types=[IssueType("1", "Task", subtask=False)],
    type_scheme=TypeScheme("20", "CMMC Types", frozenset({"1"}), frozenset({"10000"})),
    fields=[Field("summary", "Summary", "string")],
    contexts={},
    mapping=ScreenMapping("30", "CMMC Screens", {"default": "40"}),
    screen_schemes=[ScreenScheme("40", "Default", frozenset({"50"}))],
    screens=[],
    link_types=frozenset({"Relates"}),
    webhooks=[],
)


def complete() -> Present:
    types = [IssueType(str(n), spec.name, subtask=False) for n, spec in enumerate(schema.issue_types(), 100)]
    ours = [Field(f"customfield_{n}", spec.name, *SHAPES[spec.type]) for n, spec in enumerate(schema.fields(), 200)]
    ids = {field.name: field.id for field in ours}
    screens = [
        Screen(
            str(n),
            screen_name(spec.name),
            "1",
            frozenset({*spec.also, *(ids[field.name] for field in schema.fields() if spec.key in field.used_on)}),
        )
        for n, spec in enumerate(schema.issue_types(), 300)
    ]
    schemes = [
        ScreenScheme(str(n), scheme_name(spec.name), frozenset({str(n - 100)}))
        for n, spec in enumerate(schema.issue_types(), 400)
    ]
    webhook = schema.webhook("CMMC")
    mapped = {type_.id: scheme.id for type_, scheme in zip(types, schemes, strict=True)}
    return replace(
        EMPTY,
        issue_types=[*EMPTY.issue_types, *types],
        type_scheme=replace(EMPTY.type_scheme, types=frozenset({"1", *(row.id for row in types)})),
        fields=[*EMPTY.fields, *ours],
        contexts={ids[spec.name]: [context(options=spec.options)] for spec in schema.fields()},
        mapping=replace(EMPTY.mapping, schemes={"default": "40", **mapped}),
        screen_schemes=[*EMPTY.screen_schemes, *schemes],
        screens=screens,
        webhooks=[
            Webhook("7", webhook.name, LISTENER.url, frozenset(webhook.events), webhook.filter, enabled=True),
        ],
    )


def context(*, options: Sequence[str] = (), projects: Sequence[str] = (), id_: str = "1") -> Context:
    return Context(id_, everywhere=not projects, projects=frozenset(projects), options=tuple(options))


def kinds(steps: Sequence[Step]) -> list[str]:
    return [type(step).__name__ for step in steps]


def refusal(present: Present) -> str:
    with pytest.raises(JiraRefused) as refused:
        shortfall(present, LISTENER)
    return str(refused.value)


def test_an_empty_project_lacks_everything_in_an_order_in_which_it_can_be_made() -> None:
    steps = shortfall(EMPTY, LISTENER)
    names = kinds(steps)
    assert names.count("CreateIssueType") == 4
    assert names.count("CreateField") == len(schema.fields())
    assert names.count("CreateScreen") == names.count("ShowFields") == names.count("CreateScreenScheme") == 4
    assert names.index("OfferIssueTypes") == 4
    assert names.index("CreateScreen") > max(n for n, name in enumerate(names) if name == "CreateField")
    assert names[-2:] == ["UseScreens", "CreateWebhook"]


def test_every_step_says_what_it_does_and_why_without_the_secret() -> None:
    steps = shortfall(EMPTY, LISTENER)
    assert all(step.what and step.why.endswith(".") for step in steps)
    assert LISTENER.secret not in repr(steps)


def test_a_project_that_has_everything_lacks_nothing() -> None:
    assert shortfall(complete(), LISTENER) == ()


def test_without_an_address_no_webhook_is_asked_for() -> None:
    assert "CreateWebhook" not in kinds(shortfall(replace(EMPTY, webhooks=None), None))


def test_the_existing_issue_type_is_adopted_and_only_offered_in_the_project() -> None:
    present = replace(EMPTY, issue_types=[*EMPTY.issue_types, IssueType("9", "CMMC Status", subtask=False)])
    steps = shortfall(present, LISTENER)
    assert [step.spec.name for step in steps if isinstance(step, CreateIssueType)] == [
        "CMMC Assessment", "CMMC Remediation", "CMMC Finding",
    ]  # fmt: skip
    (offer,) = [step for step in steps if isinstance(step, OfferIssueTypes)]
    assert "CMMC Status" in offer.names


def test_an_issue_type_scheme_that_other_projects_share_is_refused_with_the_mend() -> None:
    present = replace(EMPTY, type_scheme=replace(EMPTY.type_scheme, projects=frozenset({"10000", "10001"})))
    assert "is shared with 1 other project" in refusal(present)
    assert "give CMMC an issue type scheme of its own" in refusal(present)


def test_a_shared_scheme_that_offers_our_types_already_is_no_obstacle() -> None:
    present = complete()
    shared = replace(present.type_scheme, projects=frozenset({"10000", "10001"}))
    assert shortfall(replace(present, type_scheme=shared), LISTENER) == ()


def test_a_team_managed_project_is_refused() -> None:
    assert "team-managed" in refusal(replace(EMPTY, project=replace(EMPTY.project, team_managed=True)))


def test_a_sub_task_type_with_our_name_is_refused() -> None:
    present = replace(EMPTY, issue_types=[IssueType("9", "CMMC Status", subtask=True)])
    assert '"CMMC Status" (9) is a sub-task type' in refusal(present)


def test_two_fields_of_one_name_are_refused_with_their_ids() -> None:
    twins = [Field("customfield_1", "SSP", "string"), Field("customfield_2", "SSP", "string")]
    assert '2 fields named "SSP" (customfield_1, customfield_2)' in refusal(replace(EMPTY, fields=twins))


def test_a_field_of_the_right_name_and_wrong_type_is_refused() -> None:
    assert '"CMMC Points" (customfield_1) holds string' in refusal(
        replace(EMPTY, fields=[Field("customfield_1", "CMMC Points", "string")])
    )


def test_labels_are_no_checkboxes_although_both_are_lists() -> None:
    fields = [Field("customfield_1", "CMMC Claim Conditions", "array", "string")]
    assert "holds array of string" in refusal(replace(EMPTY, fields=fields))


def test_all_mistakes_are_told_at_once() -> None:
    fields = [Field("customfield_1", "CMMC Points", "string"), Field("customfield_2", "SSP", "number")]
    assert len(refusal(replace(EMPTY, fields=fields)).splitlines()) == 2


def options_step(*contexts: Context) -> Step:
    present = complete()
    (field,) = [row for row in present.fields if row.name == "CMMC Finding"]
    (step,) = shortfall(replace(present, contexts={**present.contexts, field.id: list(contexts)}), LISTENER)
    return step


def test_a_field_without_any_option_gets_them_where_it_applies() -> None:
    step = options_step(context())
    assert isinstance(step, AddOptions)
    assert step.options == ("MET", "NOT MET", "N/A")


def test_missing_options_are_added_to_a_context_of_the_project_alone() -> None:
    step = options_step(context(options=["MET", "Other"], projects=["10000"]))
    assert isinstance(step, AddOptions)
    assert step.options == ("NOT MET", "N/A")


@pytest.mark.parametrize(
    "contexts",
    [
        [context(options=["MET", "Other"])],
        [context(options=["MET"], projects=["10000", "10001"])],
        [context(options=["MET", "NOT MET", "N/A"], projects=["10001"])],
        [],
    ],
    ids=["everywhere", "shared with a project", "of another project", "none"],
)
def test_options_that_others_use_stay_and_the_project_gets_a_context_of_its_own(contexts: list[Context]) -> None:
    step = options_step(*contexts)
    assert isinstance(step, CreateContext)
    assert step.options == ("MET", "NOT MET", "N/A")


def test_the_projects_own_context_counts_more_than_the_one_for_everywhere() -> None:
    step = options_step(context(options=["MET", "NOT MET", "N/A"]), context(projects=["10000"], id_="2"))
    assert isinstance(step, AddOptions)
    assert step.context_id == "2"


def test_a_field_that_is_missing_from_its_screen_is_put_there() -> None:
    present = complete()
    first, *rest = present.screens
    bare = replace(first, fields=first.fields - {"labels", "customfield_214"})
    (step,) = shortfall(replace(present, screens=[bare, *rest]), LISTENER)
    assert isinstance(step, ShowFields)
    assert (step.screen, step.native, step.ours) == (first.name, ("labels",), ("CMMC Level",))


def test_types_that_use_the_projects_default_screens_get_screens_of_their_own() -> None:
    present = complete()
    (step,) = shortfall(replace(present, mapping=EMPTY.mapping), LISTENER)
    assert isinstance(step, UseScreens)
    assert set(step.schemes) == {spec.name for spec in schema.issue_types()}


def test_screens_that_an_administrator_gave_to_our_type_alone_are_adopted() -> None:
    present = complete()
    own = [replace(row, name="GRC form") if row.id == "300" else row for row in present.screens]
    assert shortfall(replace(present, screens=own), LISTENER) == ()


def test_a_screen_that_another_type_is_edited_on_is_left_alone() -> None:
    present = complete()
    schemes = {**present.mapping.schemes, "1": "400"}
    screens = [replace(row, name="Everybody's form") if row.id == "300" else row for row in present.screens]
    steps = shortfall(replace(present, mapping=replace(present.mapping, schemes=schemes), screens=screens), LISTENER)
    assert [step.name for step in steps if isinstance(step, CreateScreen)] == ["CMMC Assessment Screen"]
    assert all(step.screen != "Everybody's form" for step in steps if isinstance(step, ShowFields))


def test_a_screen_that_another_scheme_uses_too_is_left_alone() -> None:
    present = complete()
    schemes = [*present.screen_schemes, ScreenScheme("60", "Of another project", frozenset({"300"}))]
    screens = [
        replace(row, name="Their form", fields=frozenset({"summary"})) if row.id == "300" else row
        for row in present.screens
    ]
    steps = shortfall(replace(present, screen_schemes=schemes, screens=screens), LISTENER)
    assert [step.screen for step in steps if isinstance(step, ShowFields)] == ["CMMC Assessment Screen"]


def test_a_missing_link_type_is_created() -> None:
    (step,) = shortfall(replace(complete(), link_types=frozenset({"Blocks"})), LISTENER)
    assert isinstance(step, CreateLinkType)
    assert step.spec.name == "Relates"


def mended(change: Callable[[Webhook], Webhook]) -> str:
    present = complete()
    assert present.webhooks
    hook = change(present.webhooks[0])
    (step,) = shortfall(replace(present, webhooks=[hook]), LISTENER)
    assert isinstance(step, MendWebhook)
    return step.why


def test_our_own_webhook_is_mended_when_it_is_off_or_delivers_something_else() -> None:
    assert "is switched off" in mended(lambda hook: replace(hook, enabled=False))
    assert 'is filtered by ""' in mended(lambda hook: replace(hook, filter=""))
    assert "leaves out events" in mended(lambda hook: replace(hook, events=frozenset({"jira:issue_created"})))


def test_a_webhook_to_another_address_is_none_of_ours() -> None:
    present = complete()
    assert present.webhooks
    hook = replace(present.webhooks[0], url="https://elsewhere.example/hook")
    (step,) = shortfall(replace(present, webhooks=[hook]), LISTENER)
    assert isinstance(step, CreateWebhook)


def test_fields_are_made_with_the_options_of_the_manifest() -> None:
    steps = [step for step in shortfall(EMPTY, LISTENER) if isinstance(step, CreateField)]
    assert [step.spec for step in steps] == list(schema.fields())
