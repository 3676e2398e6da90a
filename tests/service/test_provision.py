"""Provisioning against the sandbox over HTTP: from an empty project to a ready one, and never a thing twice."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import requests

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping
from cmmc_jira.errors import CmmcJiraError, JiraRefused
from cmmc_jira.service import provision
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.ports import NewIssue
from cmmc_manifests import schema
from jira_sandbox import State, create_app
from jira_sandbox.records import Tab
from support.mortal import Deaths, mortal_session
from support.wsgi import session_for

LISTENER = Listener("http://127.0.0.1:8080/webhooks/jira", "a-secret-of-the-demo")
ROLE = "Team Leads"
VALUES = {
    "text": "words", "paragraph": "words", "number": "1", "date": date(2026, 6, 1).isoformat(),
}  # fmt: skip


class Site:
    """A Cloud sandbox in this process, and the two ways in which we speak to it."""

    def __init__(self) -> None:
        self.state = State()
        self.app = create_app(self.state)

    def access(self, account_id: str | None = None, token: str | None = None) -> Access:
        user = self.state.users[account_id] if account_id else self.state.service_user()
        return Access("http://jira.test", token or user.token, user.email)

    def admin(
        self,
        account_id: str | None = None,
        *,
        token: str | None = None,
        session: Callable[[], requests.Session] | None = None,
    ) -> JiraAdmin:
        retry = Retry(sleep=lambda _: None)
        way = session or (lambda: session_for(self.app))
        return JiraAdmin(Exchange(self.access(account_id, token), retry=retry, session=way))

    def client(self) -> JiraClient:
        return JiraClient(Exchange(self.access(), session=lambda: session_for(self.app)))

    def plan(self, admin: JiraAdmin | None = None, **more: Any) -> Any:  # noqa: ANN401  as `plan` gives it
        return provision.plan(admin or self.admin(), "CMMC", LISTENER, manager_role=ROLE, **more)

    def provision(
        self, *, session: Callable[[], requests.Session] | None = None, mapping: ProjectMapping = AS_SHIPPED
    ) -> int:
        admin = self.admin(session=session)
        present, steps = self.plan(admin, mapping=mapping)
        provision.provision(admin, present, steps)
        return len(steps)

    def methods(self) -> Counter[str]:
        return Counter(row["method"] for row in self.state.requests)

    def named(self) -> Mapping[str, Counter[str]]:
        state = self.state
        return {
            "types": Counter(row.name for row in state.issue_types.values()),
            "fields": Counter(row.name for row in state.fields.values()),
            "options": Counter(
                f"{state.fields[row.field].name}: {option.value}"
                for row in state.contexts.values()
                for option in row.options
            ),
            "screens": Counter(row.name for row in state.screens.values()),
            "shown": Counter(
                f"{row.name}: {state.fields[id_].name}"
                for row in state.screens.values()
                for tab in row.tabs
                for id_ in tab.fields
            ),
            "schemes": Counter(row.name for row in state.screen_schemes.values()),
            "roles": Counter(row.name for row in state.roles.values()),
            "filters": Counter(row.name for row in state.filters.values()),
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


def test_a_second_run_makes_a_few_reads_and_finds_nothing_missing(site: Site) -> None:
    assert site.provision() > 0
    site.state.requests.clear()
    assert site.provision() == 0
    assert site.methods() == {"GET": 19}


def test_whoever_may_not_open_the_forms_still_finds_nothing_missing(site: Site) -> None:
    site.provision()
    for id_, role in site.state.roles.items():
        site.state.roles[id_] = replace(role, permissions=role.permissions - {"CREATE_ISSUES"})
    assert site.provision() == 0


def test_a_type_that_joins_the_default_scheme_by_itself_is_not_offered_twice(site: Site) -> None:
    (project,) = site.state.projects.values()
    default = next(iter(site.state.type_schemes))
    site.state.projects[project.id] = replace(project, type_scheme=default)
    assert site.provision() > 0
    assert site.provision() == 0
    assert len(set(site.state.type_schemes[default].types)) == len(site.state.type_schemes[default].types)


def test_a_screen_for_editing_is_looked_at_although_the_form_for_creating_is_whole(site: Site) -> None:
    site.provision()
    scheme = next(row for row in site.state.screen_schemes.values() if row.name == "CMMC Assessment Screen Scheme")
    theirs = replace(
        site.state.screens[scheme.screens["default"]], id="10900", name="GRC edit", tabs=(Tab("1", "One"),)
    )
    site.state.screens[theirs.id] = theirs
    site.state.screen_schemes[scheme.id] = replace(scheme, screens={**scheme.screens, "edit": theirs.id})
    assert site.provision() == 1
    assert site.named()["shown"]["GRC edit: CMMC Level"] == 1


def test_planning_writes_nothing(site: Site) -> None:
    before = site.named()
    site.plan()
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
    (context,) = [row for row in site.state.contexts.values() if row.field == adopted]
    assert tuple(option.value for option in context.options) == finding.options


def test_a_mapped_project_gets_what_is_missing_under_its_own_names_and_keeps_what_it_has(site: Site) -> None:
    mapping = ProjectMapping(issue_types={"status": "Posture"}, fields={"SSP": "Security Plan", "CMMC UID": "UID"})
    uid = next(spec for spec in schema.fields() if spec.name == "CMMC UID")
    theirs = site.admin().create_field(replace(uid, name="UID"))
    site.provision(mapping=mapping)
    named = site.named()
    assert (named["types"]["Posture"], named["types"]["CMMC Status"]) == (1, 0)
    assert (named["fields"]["Security Plan"], named["fields"]["SSP"]) == (1, 0)
    assert [row.id for row in site.state.fields.values() if row.name in ("UID", "CMMC UID")] == [theirs]
    assert site.provision(mapping=mapping) == 0


def test_a_role_is_made_without_anybody_in_it(site: Site) -> None:
    before = dict(next(iter(site.state.projects.values())).actors)
    site.provision()
    (made,) = [row for row in site.state.roles.values() if row.name == ROLE]
    assert made.permissions == frozenset()
    assert dict(next(iter(site.state.projects.values())).actors) == before


def test_the_filters_are_shared_with_the_project_and_find_what_they_say(site: Site) -> None:
    site.provision()
    project = next(iter(site.state.projects))
    assert {row.shared for row in site.state.filters.values()} == {(project,)}
    fields = map_fields(site.client().fields(), flavour="cloud")
    (issue,) = site.client().create(
        [
            NewIssue(
                {
                    "project": {"key": "CMMC"},
                    "issuetype": {"name": "CMMC Remediation"},
                    "summary": "One",
                    **fields.write({"Due Date": "2020-01-01", "CMMC Finding": "NOT MET"}),
                },
                {},
            )
        ]
    )
    found = {
        row.name.partition(": ")[2]: [raw["key"] for raw in site.client().search(row.jql, ["summary"])]
        for row in site.state.filters.values()
    }
    assert found == {"open items by owner": [issue.key], "overdue": [issue.key], "ready for closeout": []}


def test_a_filter_that_somebody_changed_stays_as_it_is(site: Site) -> None:
    site.provision()
    overdue = next(row for row in site.state.filters.values() if row.name.endswith("overdue"))
    site.state.filters[overdue.id] = changed = replace(overdue, jql="project = CMMC", shared=())
    assert site.provision() == 0
    assert site.state.filters[overdue.id] == changed


def test_an_option_that_somebody_disabled_stops_everything_before_the_first_write(site: Site) -> None:
    site.provision()
    for id_, row in site.state.contexts.items():
        options = tuple(replace(one, disabled=one.value == "NOT MET") for one in row.options)
        site.state.contexts[id_] = replace(row, options=options)
    site.state.requests.clear()
    with pytest.raises(JiraRefused, match=r'"NOT MET" of the field "CMMC Finding" .* is disabled'):
        site.provision()
    assert set(site.methods()) == {"GET"}


def test_a_run_that_dies_of_any_kind_of_call_is_taken_up_by_the_next_and_ends_with_one_of_everything(
    site: Site,
) -> None:
    whole, deaths, died = Site(), Deaths(), 0
    whole.provision()
    for _ in range(100):
        try:
            site.provision(session=lambda: mortal_session(site.app, deaths))
        except CmmcJiraError:
            died += 1
        else:
            break
    assert died >= len(deaths.survived) + 5
    assert site.named() == whole.named()
    assert site.provision() == 0


def test_an_account_without_the_right_is_told_which_one_it_needs(site: Site) -> None:
    person = next(user.account_id for user in site.state.users.values() if not user.admin)
    with pytest.raises(JiraRefused, match="Administer Jira, and this account does not hold it"):
        provision.plan(site.admin(person), "CMMC", LISTENER)
    assert [row["path"] for row in site.state.requests] == [
        "/rest/api/2/serverInfo",
        "/rest/api/2/myself",
        "/rest/api/2/mypermissions",
    ]


def test_a_wrong_token_is_told_before_any_right_is_missed(site: Site) -> None:
    with pytest.raises(JiraRefused, match="does not accept the token"):
        provision.plan(site.admin(token="wrong"), "CMMC", LISTENER)


def test_a_project_that_does_not_exist_is_named(site: Site) -> None:
    with pytest.raises(JiraRefused, match="The project NONE"):
        provision.plan(site.admin(), "NONE", LISTENER)
