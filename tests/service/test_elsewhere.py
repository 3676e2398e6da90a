"""Jira below a path of another host: everything works as at its own address, and it is asked nowhere else."""

from collections.abc import Mapping

import pytest

from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.service import provision
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.steps import by_us
from jira_sandbox import records, seed
from support.mounted import OWN_HOST
from support.policies import shipped
from support.site import URL, Site

FLOW, SESSIONS = "AC.L2-3.1.3", "AC.L2-3.1.11"
DANA, PRIYA = seed.PEOPLE[0][0], seed.PEOPLE[1][0]
OWNERS = Owners({FLOW: "priya.raman@example.com"}, {"AC": Component("Access")}, {}, manager_role="Administrators")
GATEWAY = "https://api.atlassian.com/ex/jira/1324a887-45db-4bf4-8e99-ef0ff456d421"
CONTEXT_PATH = "https://tracker.example.net/jira"


def lived(flavour: str, url: str) -> Site:
    """Return a site at this address after a file, a finished item and a due date that was moved."""
    site = Site(flavour=flavour, url=url, policy=shipped(OWNERS))
    (project,) = site.state.projects.values()
    site.state.components["1"] = records.Component("1", project.id, "Access", lead=DANA)
    assessment = site.assessment(CMMC_Status_Date="2026-05-29", Compliance_Lead=site.user_id(DANA))
    site.attach(assessment, FLOW, SESSIONS)
    site.look()
    items = site.remediation()
    site.client(PRIYA).transition(items[FLOW]["id"], "done")
    site.client(DANA).edit(items[SESSIONS]["id"], fields={"duedate": "2027-01-29"})
    site.look()
    return site


def held(site: Site) -> Mapping[str, object]:
    """Return what Jira holds, as people read it."""
    issues = {**site.remediation(), **site.of_type("CMMC Status")}
    return {
        subject: (
            raw["fields"]["description"].partition("h3. What changed")[0],
            (raw["fields"]["assignee"] or {}).get("displayName"),
            raw["fields"]["status"]["name"],
            [row["filename"] for row in raw["fields"]["attachment"]],
            [row["body"] for row in raw["fields"]["comment"]["comments"]],
        )
        for subject, raw in issues.items()
    }


@pytest.mark.parametrize(("kind", "url"), [("cloud", GATEWAY), ("datacenter", CONTEXT_PATH)])
def test_below_a_path_of_another_host_jira_comes_to_hold_the_same(kind: str, url: str) -> None:
    site = lived(kind, url)
    assert held(site) == held(lived(kind, URL))
    assert site.look()[0].plan.changes == ()
    assert {"Priya Raman", "Dana Whitfield"} == {row["assignee"]["displayName"] for row in fields(site)}


def fields(site: Site) -> list[Mapping[str, Mapping[str, object]]]:
    return [raw["fields"] for raw in site.remediation().values()]


@pytest.mark.parametrize(("kind", "url"), [("cloud", GATEWAY), ("datacenter", CONTEXT_PATH)])
def test_what_is_shown_to_people_leads_to_the_address_that_jira_gives_itself(kind: str, url: str) -> None:
    assert Site(flavour=kind, url=url).person.site().base_url == f"https://{OWN_HOST}"


@pytest.mark.parametrize(("kind", "url"), [("cloud", GATEWAY), ("datacenter", CONTEXT_PATH)])
def test_a_webhook_that_was_made_through_there_is_found_again(kind: str, url: str) -> None:
    site, listener = Site(flavour=kind, url=url), Listener("http://127.0.0.1:8080/webhooks/jira", "a-secret")
    present, steps = provision.plan(site.admin(), "CMMC", listener)
    assert by_us(steps)
    provision.provision(site.admin(), present, steps)
    assert provision.plan(site.admin(), "CMMC", listener)[1] == ()
