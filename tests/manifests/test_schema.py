"""The Jira schema as data: whole, consistent, and what the rest of the product counts on."""

from importlib.resources import files

import pytest

from cmmc_jira.core import identity, owners
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


def test_the_labels_are_those_that_an_issue_of_ours_carries() -> None:
    words = {"assessment": "10001", "subject": "ac.l2-3.1.3"}
    named = {spec.label.format(**words) for spec in schema.labels()}
    assert named == identity.labels("10001", "AC.L2-3.1.3")


def test_each_role_is_named_by_a_line_of_the_policy() -> None:
    assert {spec.policy for spec in schema.roles()} <= set(owners.Owners.__dataclass_fields__)


def test_the_filters_name_their_project_and_differ() -> None:
    words = {"remediation": '"CMMC Remediation"', "finding": '"CMMC Finding"', "ready": "statusCategory = Done"}
    filters = schema.filters("GRC", **words)
    assert len({spec.name for spec in filters}) == len(filters) == 3
    assert all('project = "GRC" AND ' in spec.jql and "GRC" in spec.name for spec in filters)


def test_each_permission_has_a_name_on_both_flavours_and_a_reason() -> None:
    specs = schema.permissions()
    assert len({spec.key for spec in specs}) == len(specs)
    for spec in specs:
        assert set(spec.names) == set(schema.FLAVOURS)
        assert {name.upper().replace(" ", "_") for name in spec.names.values()} == {spec.key}
        assert spec.why.endswith(".")


KINDS = ["cloud", "datacenter-10", "datacenter-9"]
GIVEN = {"name": "N", "url": "https://cmmc.example.com/webhooks/jira", "events": ["jira:issue_created"],
         "filter": 'project = "GRC"', "secret": "s3cret"}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_webhook_is_described_for_each_kind_of_jira_with_nothing_left_open(kind: str) -> None:
    form = schema.webhook_form(kind)
    body = form.filled(**GIVEN)
    assert (body["name"], body["url"], body["events"]) == (GIVEN["name"], GIVEN["url"], GIVEN["events"])
    assert "{" not in str([value for value in body.values() if isinstance(value, str)])
    assert form.endpoint.startswith("rest/")
    assert form.page.endswith("System, WebHooks")


def test_the_secret_stands_where_each_kind_of_jira_looks_for_it() -> None:
    cloud, ten, nine = (schema.webhook_form(kind).filled(**GIVEN) for kind in KINDS)
    assert cloud["secret"] == "s3cret"
    assert ten["configuration"]["SECRET"] == "s3cret"
    assert "secret" not in ten
    assert "s3cret" not in str(nine)
    assert not schema.webhook_form("datacenter-9").signed


def test_every_file_of_the_folder_is_explained_in_its_readme() -> None:
    package = files("cmmc_manifests")
    readme = (files("cmmc_manifests") / ".." / "README.md").read_text(encoding="utf-8")
    folders = [package / "jira", package / "jira" / "webhooks", package / "forge"]
    names = {one.name for folder in folders for one in folder.iterdir() if one.name.endswith((".yaml", ".yml"))}
    assert {name for name in names if f"/{name}`" not in readme} == set()
