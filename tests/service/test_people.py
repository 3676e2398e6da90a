"""Whom the policy's names mean, asked for no oftener than it can change."""

import pytest

from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.service.people import People
from jira_sandbox import records, seed
from support.site import Site

pytestmark = pytest.mark.usefixtures("flavour")

DANA, PRIYA = seed.PEOPLE[0][0], seed.PEOPLE[1][0]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def key(site: Site) -> str:
    return site.fields.user_key


def people(site: Site, owners: Owners, account: str | None = None) -> People:
    return People(site.client(account), site.clock, owners)


def asked(site: Site, path: str) -> int:
    return sum(path in str(row["path"]) for row in site.state.requests)


def test_owners_and_managers_are_found_once(site: Site, key: str) -> None:
    owners = Owners({"AC.L2-3.1.3": "Dana Whitfield"}, {}, {"Dana Whitfield": "Priya Raman", "Nobody": "X"})
    found = people(site, owners)
    named = found.named("CMMC", key)
    assert named == {"Dana Whitfield": site.user_id(DANA), "Priya Raman": site.user_id(PRIYA)}
    before = asked(site, "user/assignable")
    assert found.named("CMMC", key) == named
    assert asked(site, "user/assignable") == before
    site.clock.move(days=30)
    found.named("CMMC", key)
    assert asked(site, "user/assignable") == before + 2  # Nobody and X, who might be known by now


def test_the_members_of_the_managers_role_are_read_once_an_hour(site: Site) -> None:
    found = people(site, Owners({}, {}, {}, manager_role="administrators"))
    members = found.managers("CMMC")
    assert set(members) == {site.user_id(seed.ADMIN), site.user_id(seed.SERVICE)}
    calls = asked(site, "/role")
    site.clock.move(seconds=3599)
    assert found.managers("CMMC") == members
    assert asked(site, "/role") == calls
    site.clock.move(seconds=1)
    assert found.managers("CMMC") == members
    assert asked(site, "/role") == 2 * calls
    site.clock.move(days=-1)
    assert found.managers("CMMC") == members
    assert asked(site, "/role") == 3 * calls


def test_without_a_managers_role_no_role_is_read(site: Site) -> None:
    assert people(site, Owners({}, {}, {})).managers("CMMC") == ()
    assert asked(site, "/role") == 0


def test_a_role_that_we_may_not_read_has_nobody_and_the_log_says_why(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    found = people(site, Owners({}, {}, {}, manager_role="Members"), DANA)
    assert (found.managers("CMMC"), found.managers("CMMC")) == ((), ())
    (record,) = caplog.records
    assert 'give it the permission "Administer projects"' in record.getMessage()


def test_component_leads_are_read_once_an_hour(site: Site, key: str) -> None:
    (project,) = site.state.projects.values()
    site.state.components["1"] = records.Component("1", project.id, "Response", lead=DANA)
    found = people(site, Owners({}, {"IR": Component("Response")}, {}))
    calls = asked(site, "/components")
    assert [found.leads("CMMC", key) for _ in range(3)] == [{"Response": site.user_id(DANA)}] * 3
    assert asked(site, "/components") == calls + 1
    site.clock.move(seconds=3600)
    found.leads("CMMC", key)
    assert asked(site, "/components") == calls + 2
