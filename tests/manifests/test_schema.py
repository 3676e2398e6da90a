"""The Jira schema as data: whole, consistent, and what the rest of the product counts on."""

import pytest

from cmmc_jira.core.fields import NATIVE
from cmmc_jira.core.issues import Kind
from cmmc_manifests import schema
from cmmc_rules.words import Assessor, Claim, Level, Path, Variant

OPTIONS = {
    "CMMC Level": [str(level.value) for level in Level],
    "Assessment Path": list(Path),
    "Closeout By": list(Assessor),
    "CMMC Claim": list(Claim),
    "CMMC Variant": list(Variant),
}


def test_the_issue_types_are_the_kinds_of_issue_we_make() -> None:
    assert [spec.name for spec in schema.issue_types()] == [
        Kind.ASSESSMENT,
        Kind.REMEDIATION,
        Kind.STATUS,
        Kind.FINDING,
    ]


def test_no_two_fields_share_a_name_and_none_is_named_like_a_native_field() -> None:
    names = [spec.name for spec in schema.fields()]
    assert len(set(names)) == len(names)
    assert not {name.casefold() for name in names} & {name.casefold() for name in NATIVE}


def test_every_field_is_used_on_issue_types_that_there_are() -> None:
    known = {spec.key for spec in schema.issue_types()}
    assert all(spec.used_on and set(spec.used_on) <= known for spec in schema.fields())


def test_exactly_the_fields_to_choose_from_have_options() -> None:
    for spec in schema.fields():
        assert bool(spec.options) == (spec.type in {"select", "checkboxes"}), spec.name
        assert len(set(spec.options)) == len(spec.options), spec.name


def test_every_screen_shows_what_a_create_sends_along() -> None:
    sent = {"summary", "description", "assignee", "labels", "issuelinks"}
    assert all(sent <= set(spec.also) for spec in schema.issue_types())


@pytest.mark.parametrize("name", OPTIONS)
def test_the_options_are_the_words_of_the_rule(name: str) -> None:
    (spec,) = [spec for spec in schema.fields() if spec.name == name]
    assert list(spec.options) == OPTIONS[name]


def test_the_webhook_names_its_project_and_gives_a_reason_for_each_event() -> None:
    webhook = schema.webhook("GRC")
    assert webhook.filter == 'project = "GRC"'
    assert "GRC" in webhook.name
    assert {"jira:issue_created", "jira:issue_updated", "jira:issue_deleted"} <= set(webhook.events)
    assert all(reason.endswith(".") for reason in webhook.events.values())
