"""Provisioning against the sandbox over HTTP: from an empty project to a ready one, and never a thing twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.fields import map_fields
from cmmc_jira.errors import CmmcJiraError, JiraRefused
from cmmc_jira.service import provision
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.ports import NewIssue
from cmmc_manifests import schema
from jira_sandbox import State, create_app
from support.wsgi import session_for

LISTENER = Listener("http://127.0.0.1:8080/webhooks/jira", "a-secret-of-the-demo")
VALUES = {
    "text": "words", "paragraph": "words", "number": "1", "date": date(2026, 6, 1).isoformat(),
}  # fmt: skip


class Site:
    """A sandbox in this process, and the two ways in which we speak to it."""

    def __init__(self) -> None:
        self.state = State()
        self.app = create_app(self.state)

    def access(self, account_id: str | None = None, token: str | None = None) -> Access:
        user = self.state.users[account_id] if account_id else self.state.service_user()
        return Access("http://jira.test", token or user.token, user.email)

    def admin(self, account_id: str | None = None, *, token: str | None = None) -> JiraAdmin:
        retry = Retry(sleep=lambda _: None)
        return JiraAdmin(Exchange(self.access(account_id, token), retry=retry, session=lambda: session_for(self.app)))

    def client(self) -> JiraClient:
        return JiraClient(Exchange(self.access(), session=lambda: session_for(self.app)))

    def provision(self) -> int:
        present, steps = provision.plan(self.admin(), "CMMC", LISTENER)
        provision.provision(self.admin(), present, steps)
        return len(steps)

    def methods(self) -> Counter[str]:
        return Counter(row["method"] for row in self.state.requests)

    def named(self) -> Mapping[str, Counter[str]]:
        state = self.state
        return {
            "types": Counter(row.name for row in state.issue_types.values()),
            "fields": Counter(row.name for row in state.fields.values()),
            "screens": Counter(row.name for row in state.screens.values()),
            "schemes": Counter(row.name for row in state.screen_schemes.values()),
            "hooks": Counter(row.url for row in state.webhooks.hooks.values()),
        }


@pytest.fixture
def site() -> Site:
    return Site()


def values_of(key: str) -> dict[str, str]:
    def value(spec: schema.FieldSpec) -> str:
        return spec.options[0] if spec.options else VALUES[spec.type]

    return {spec.name: value(spec) for spec in schema.fields() if key in spec.used_on and spec.type != "user"}


@pytest.mark.parametrize("spec", schema.issue_types(), ids=lambda spec: spec.key)
def test_afterwards_an_issue_of_each_type_can_be_created_with_every_field_of_its_own(
    site: Site, spec: schema.IssueTypeSpec
) -> None:
    site.provision()
    jira = site.client()
    fields = map_fields(jira.fields(), flavour="cloud")
    written: dict[str, Any] = {
        "project": {"key": "CMMC"},
        "issuetype": {"name": spec.name},
        "summary": "One",
        "labels": ["cmmc"],
        **fields.write(values_of(spec.key)),
    }
    (created,) = jira.create([NewIssue(written, {})])
    assert created.refused is None
    raw = jira.issue(str(created.key), fields.all_ids())
    assert {name: fields.read(raw["fields"])[name] for name in values_of(spec.key)} == values_of(spec.key)


def test_a_second_run_makes_reads_only_and_finds_nothing_missing(site: Site) -> None:
    assert site.provision() > 0
    site.state.requests.clear()
    assert site.provision() == 0
    assert set(site.methods()) == {"GET"}


def test_planning_writes_nothing(site: Site) -> None:
    before = site.named()
    provision.plan(site.admin(), "CMMC", LISTENER)
    assert set(site.methods()) == {"GET"}
    assert site.named() == before


def test_the_screens_and_issue_types_of_others_stay_as_they_were(site: Site) -> None:
    state = site.state
    screens, types = dict(state.screens), dict(state.issue_types)
    site.provision()
    assert {id_: state.screens[id_] for id_ in screens} == screens
    assert {id_: state.issue_types[id_] for id_ in types} == types


def test_the_webhook_is_signed_and_delivers_this_project_alone(site: Site) -> None:
    site.provision()
    (hook,) = site.state.webhooks.hooks.values()
    assert (hook.url, hook.jql, hook.secret, hook.enabled) == (LISTENER.url, 'project = "CMMC"', LISTENER.secret, True)
    assert set(hook.events) == set(schema.webhook("CMMC").events)


def test_a_webhook_that_somebody_switched_off_is_switched_on_again(site: Site) -> None:
    site.provision()
    (listed,) = site.admin().webhooks()
    session = session_for(site.app)
    session.auth = (site.access().user or "", site.access().token)
    url = f"http://jira.test/rest/webhooks/1.0/webhook/{listed.id}"
    assert session.put(url, json={"enabled": False}).ok
    assert site.provision() == 1
    assert [hook.enabled for hook in site.state.webhooks.hooks.values()] == [True]


def test_while_a_secret_is_being_changed_the_webhook_is_signed_with_the_new_one(site: Site) -> None:
    site.provision()
    present, steps = provision.plan(site.admin(), "CMMC", replace(LISTENER, secret="the new one", renew=True))
    assert [type(step).__name__ for step in steps] == ["MendWebhook"]
    provision.provision(site.admin(), present, steps)
    assert [hook.secret for hook in site.state.webhooks.hooks.values()] == ["the new one"]


def test_a_field_of_the_right_name_and_wrong_type_stops_everything_before_the_first_write(site: Site) -> None:
    points = next(spec for spec in schema.fields() if spec.name == "CMMC Points")
    wrong = schema.FieldSpec(points.name, "text", points.used_on, points.written_by, points.says)
    site.admin().create_field(wrong)
    site.state.requests.clear()
    with pytest.raises(JiraRefused, match='"CMMC Points"'):
        site.provision()
    assert set(site.methods()) == {"GET"}


def test_a_field_that_is_there_is_adopted_and_its_missing_options_are_added(site: Site) -> None:
    finding = next(spec for spec in schema.fields() if spec.name == "CMMC Finding")
    bare = schema.FieldSpec(finding.name, finding.type, finding.used_on, finding.written_by, finding.says)
    adopted = site.admin().create_field(bare)
    site.provision()
    assert site.named()["fields"]["CMMC Finding"] == 1
    (context,) = site.admin().contexts(adopted, options=True)
    assert context.options == finding.options


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 8, 15, 40, 90, 150])
def test_a_run_that_breaks_off_is_taken_up_by_the_next_one(nth: int, when: str) -> None:
    whole, site = Site(), Site()
    whole.provision()
    present, steps = provision.plan(site.admin(), "CMMC", LISTENER)
    site.state.faults.add({"call": nth, "when": when, "status": 500})
    with pytest.raises(CmmcJiraError):
        provision.provision(site.admin(), present, steps)
    site.provision()
    assert site.named() == whole.named()
    assert site.provision() == 0


def test_an_account_without_the_right_is_told_which_one_it_needs(site: Site) -> None:
    person = next(user.account_id for user in site.state.users.values() if not user.admin)
    with pytest.raises(JiraRefused, match="Administer Jira, and this account does not hold it"):
        provision.plan(site.admin(person), "CMMC", LISTENER)
    assert [row["path"] for row in site.state.requests] == ["/rest/api/2/myself", "/rest/api/2/mypermissions"]


def test_a_wrong_token_is_told_before_any_right_is_missed(site: Site) -> None:
    with pytest.raises(JiraRefused, match="does not accept the token"):
        provision.plan(site.admin(token="wrong"), "CMMC", LISTENER)


def test_a_project_that_does_not_exist_is_named(site: Site) -> None:
    with pytest.raises(JiraRefused, match="The project NONE"):
        provision.plan(site.admin(), "NONE", LISTENER)
