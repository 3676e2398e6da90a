"""Provisioning on Data Center: two hands make a project ready, whatever dies in between, and then it is quiet."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
import requests

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.cli.provision import told_by_hand
from cmmc_jira.errors import CmmcJiraError, JiraRefused
from cmmc_jira.service import provision
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.steps import Present, Step, by_hand, by_us
from cmmc_manifests import schema
from jira_sandbox import State, create_app
from jira_sandbox.flavour import DATACENTER
from support.administrator import Administrator
from support.mortal import Deaths, mortal_session
from support.wsgi import session_for

URL = "http://jira.test"
ROLE = "Team Leads"
LISTENER = Listener("http://127.0.0.1:8080/webhooks/jira", "a-secret-of-the-demo")


class Site:
    """A Data Center sandbox in this process, and the two who make its project ready."""

    def __init__(self) -> None:
        self.state = State(flavour=DATACENTER)
        self.app = create_app(self.state)
        self.administrator = Administrator(URL, session_for(self.app))

    def admin(self, session: Callable[[], requests.Session] | None = None) -> JiraAdmin:
        access = Access(URL, self.state.service_user().token)
        way = session or (lambda: session_for(self.app))
        return JiraAdmin(Exchange(access, retry=Retry(sleep=lambda _: None, budget=0), session=way))

    def plan(
        self, admin: JiraAdmin | None = None, listener: Listener | None = LISTENER
    ) -> tuple[Present, tuple[Step, ...]]:
        return provision.plan(admin or self.admin(), "CMMC", listener, manager_role=ROLE)

    def ours(self, session: Callable[[], requests.Session] | None = None, listener: Listener | None = LISTENER) -> int:
        """Do what REST can; how many steps that was."""
        admin = self.admin(session)
        present, steps = self.plan(admin, listener)
        provision.provision(admin, present, steps)
        return len(by_us(steps))

    def by_hand(self) -> int:
        """Let the administrator do what is left; how many steps that was."""
        return self.administrator.follow("\n".join(told_by_hand("CMMC", by_hand(self.plan()[1]))))

    def make_ready(self) -> None:
        for _ in range(3):
            if not self.ours() + self.by_hand():
                return
        raise AssertionError("not ready after three rounds")

    def named(self) -> Mapping[str, Counter[str]]:
        state = self.state
        return {
            "types": Counter(row.name for row in state.issue_types.values()),
            "fields": Counter(row.name for row in state.fields.values()),
            "options": Counter(
                f"{row.field}: {option.value}" for row in state.contexts.values() for option in row.options
            ),
            "screens": Counter(row.name for row in state.screens.values()),
            "shown": Counter(
                f"{row.name}: {state.fields[id_].name}"
                for row in state.screens.values()
                for tab in row.tabs
                for id_ in tab.fields
            ),
            "roles": Counter(row.name for row in state.roles.values()),
            "filters": Counter(f"{row.name} {row.shared}" for row in state.filters.values()),
            "hooks": Counter(row.url for row in state.webhooks.hooks.values()),
        }


@pytest.fixture(scope="module")
def whole() -> Site:
    """A ready project, for tests that only read."""
    site = Site()
    site.make_ready()
    return site


def test_a_ready_project_is_found_ready_by_a_few_reads(whole: Site) -> None:
    whole.state.requests.clear()
    assert whole.plan()[1] == ()
    assert Counter(row["method"] for row in whole.state.requests) == {"GET": 16}


def test_nothing_that_others_use_has_changed(whole: Site) -> None:
    fresh = State(flavour=DATACENTER)
    assert {id_: whole.state.screens[id_] for id_ in fresh.screens} == fresh.screens
    assert {id_: whole.state.issue_types[id_] for id_ in fresh.issue_types} == fresh.issue_types
    (before,), (after,) = fresh.projects.values(), whole.state.projects.values()
    for id_ in fresh.issue_types:
        assert fresh.screen_of(before, id_, "create").name == whole.state.screen_of(after, id_, "create").name


def test_an_issue_type_scheme_is_written_whole_and_keeps_what_it_had(whole: Site) -> None:
    (project,) = whole.state.projects.values()
    fresh = State(flavour=DATACENTER)
    held, scheme = fresh.type_schemes[project.type_scheme], whole.state.type_schemes[project.type_scheme]
    assert scheme.types[: len(held.types)] == held.types
    assert (scheme.name, scheme.default) == (held.name, held.default)
    assert len(scheme.types) == len(held.types) + len(schema.issue_types())


def test_the_filters_are_favourites_shared_with_the_project(whole: Site) -> None:
    (project,) = whole.state.projects
    filters = whole.state.filters.values()
    assert {(row.shared, row.favourite) for row in filters} == {((project,), True)}
    assert len(filters) == 3


def test_the_webhook_is_signed_where_this_jira_looks_for_the_secret(whole: Site) -> None:
    (hook,) = whole.state.webhooks.hooks.values()
    assert (hook.url, hook.secret, hook.enabled, hook.exclude_body) == (LISTENER.url, LISTENER.secret, True, False)
    assert set(hook.events) == set(schema.webhook("CMMC").events)


def test_a_webhook_that_is_off_is_mended_and_keeps_what_an_administrator_entered_on_the_page() -> None:
    site = Site()
    site.make_ready()
    (hook,) = site.state.webhooks.hooks.values()
    theirs = {**hook.configuration, "THEIRS": "kept"}
    changed = replace(hook, enabled=False, jql='project = "CMMC"', configuration=theirs)
    site.state.webhooks.hooks[hook.id] = changed
    assert site.ours(listener=replace(LISTENER, secret="the new one", renew=True)) == 1
    mended = site.state.webhooks.hooks[hook.id]
    assert mended == replace(
        changed, enabled=True, secret="the new one", events=tuple(sorted(hook.events)), updated=mended.updated
    )


def test_a_webhook_that_somebody_deleted_is_made_again() -> None:
    site = Site()
    site.make_ready()
    site.state.webhooks.hooks.clear()
    assert site.ours() == 1
    assert len(site.state.webhooks.hooks) == 1


def test_a_run_that_dies_of_any_kind_of_call_is_taken_up_by_the_next_and_ends_with_one_of_everything(
    whole: Site,
) -> None:
    site, deaths, died = Site(), Deaths(), 0
    for _ in range(100):
        try:
            done = site.ours(lambda: mortal_session(site.app, deaths))
        except CmmcJiraError:
            died += 1
        else:
            if not done + site.by_hand():
                break
    assert died > len(deaths.survived) + 5
    assert site.named() == whole.named()


def test_an_option_that_somebody_disabled_is_told_before_the_first_write() -> None:
    site = Site()
    site.make_ready()
    for id_, row in site.state.contexts.items():
        options = tuple(replace(one, disabled=one.value == "NOT MET") for one in row.options)
        site.state.contexts[id_] = replace(row, options=options)
    site.state.requests.clear()
    with pytest.raises(JiraRefused, match=r'"NOT MET" of the field "CMMC Finding" .* is disabled'):
        site.ours()
    assert {row["method"] for row in site.state.requests} == {"GET"}


def test_a_field_that_somebody_took_off_our_screen_is_put_back_without_the_administrator() -> None:
    site = Site()
    site.make_ready()
    level = next(row.id for row in site.state.fields.values() if row.name == "CMMC Level")
    for id_, screen in site.state.screens.items():
        tabs = tuple(replace(tab, fields=tuple(one for one in tab.fields if one != level)) for tab in screen.tabs)
        site.state.screens[id_] = replace(screen, tabs=tabs)
    assert site.ours() == 1
    assert site.plan()[1] == ()
