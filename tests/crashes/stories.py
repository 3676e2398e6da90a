"""Stories up to the moment at which the service has something to do."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from cmmc_rules.words import Level
from jira_sandbox import seed
from support.policies import shipped
from support.site import LAW, Site

FLOW, SESSIONS, EXTERNAL = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20"
ALL: Final = [requirement.id for requirement in LAW.requirements(Level.TWO)]
POSTED: Final = datetime(2026, 3, 27, 15, tzinfo=UTC)
DANA: Final = seed.PEOPLE[0][0]

Story = Callable[[str], Site]


def _begun(flavour: str, *requirements: str, posted: str = "2026-03-26") -> tuple[Site, str]:
    site = Site(flavour=flavour, policy=shipped())
    site.clock.instant = POSTED
    align(site)
    dated = {"CMMC_Status_Date": posted} if posted else {}
    assessment = site.assessment(Compliance_Lead=site.user_id(DANA), **dated)
    site.attach(assessment, *requirements)
    return site, assessment


def _looked(flavour: str, *requirements: str, posted: str = "2026-03-26") -> tuple[Site, str]:
    site, assessment = _begun(flavour, *requirements, posted=posted)
    site.look()
    assert site.look()[0].plan.changes == ()
    return site, assessment


def align(site: Site) -> None:
    """Keep the sandbox's clock with the service's."""
    site.state.clock.frozen = site.clock.instant


def first_look(flavour: str) -> Site:
    """Return a site with findings that nobody has looked at, and a file that holds none."""
    site, assessment = _begun(flavour, FLOW, SESSIONS, EXTERNAL)
    site.person.attach(assessment, "report.pdf", b"%PDF-1.7 not a table", "application/pdf")
    return site


def first_look_at_110(flavour: str) -> Site:
    """Return a site with 110 findings that nobody has looked at."""
    return _begun(flavour, *ALL)[0]


def edit(flavour: str) -> Site:
    """Return a site where somebody entered a date and finished an item: the status and its picture change."""
    site, assessment = _looked(flavour, FLOW, SESSIONS)
    site.enter(assessment, Closeout_Booked="2026-08-03")
    site.person.transition(site.remediation()[FLOW]["id"], "done")
    return site


def rung(flavour: str) -> Site:
    """Return a site whose clock has reached rungs: two items are overdue, and everybody hears of it."""
    site, _ = _looked(flavour, FLOW, SESSIONS)
    site.clock.move(days=61)
    return site


def closeout(flavour: str) -> Site:
    """Return a site where the closeout of an item is recorded, and with it the last of the assessment is posted."""
    site, assessment = _looked(flavour, FLOW)
    site.clock.move(days=50)
    align(site)
    site.look()
    decided = {"CMMC_Finding": "MET", "CMMC_Decision": "closeout", "CMMC_Decision_Date": "2026-05-15"}
    site.enter(site.remediation()[FLOW]["id"], **decided)
    site.enter(assessment, Closeout_Posted="2026-05-15", Closeout_By="OSA")
    return site


def replaced(flavour: str) -> Site:
    """Return a site with another findings file: one issue is closed, one created, and one opened again."""
    site, assessment = _looked(flavour, FLOW, SESSIONS, posted="")
    site.attach(assessment, SESSIONS, name="second.csv")
    site.look()
    site.attach(assessment, FLOW, EXTERNAL, name="third.csv")
    return site


STORIES: Final[Mapping[str, Story]] = {
    story.__name__: story for story in (first_look, first_look_at_110, edit, rung, closeout, replaced)
}
