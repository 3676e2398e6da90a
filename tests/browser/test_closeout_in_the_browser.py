"""What a person sees who works with it in a browser, from the findings file to the notices of the closeout clock."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from browser.person import Person

FINDINGS: Final = """\
Requirement,Result,Note
3.1.9,Not Met,The banner is missing on two kiosks.
3.3.4,Not Met,Nobody is alerted when logging stops.
3.13.11,Not Met -3,"Disks are encrypted, the module is not FIPS-validated."
"""
OWNED_BY_PRIYA: Final = "AC.L2-3.1.9"
REQUIREMENTS: Final = (OWNED_BY_PRIYA, "AU.L2-3.3.4", "SC.L2-3.13.11")
ITEM_DUE_IN: Final = timedelta(days=20)  # so that its first notice, 14 days before, is to come
TRIPS_AT_MOST: Final = 8  # the demo's own companies are told things in these days, too


@dataclass(frozen=True, slots=True)
class Opened:
    """The keys of an assessment issue and of its status issue."""

    assessment: str
    status: str


def test_a_person_lives_through_the_closeout_clock(person: Person) -> None:
    opened = opens_an_assessment(person)
    enters_the_status_date(person, opened)
    reads_the_clock(person, opened)
    hears_of_a_due_date(person, opened)
    hears_of_the_deadline(person, opened)


@pytest.mark.parametrize("screen", [(390, 844), (320, 640)], ids=["phone", "small-phone"], indirect=True)
def test_no_page_is_wider_than_a_phone(person: Person) -> None:
    too_wide = {}
    for path in ("/", "/projects/CMMC", "/projects/CMMC/create", *whats_open(person)):
        person.open(path)
        folded = person.overflow()
        person.unfold()
        if folded or person.overflow():
            too_wide[path] = folded, person.overflow()
    assert too_wide == {}


def whats_open(person: Person) -> list[str]:
    """Return the addresses of an issue of each type, and of the form that makes one."""
    person.open("/projects/CMMC/create")
    form = person.link(re.compile("^CMMC Assessment")).get_attribute("href")
    person.open("/projects/CMMC")
    first = {
        str(row.locator(".cell-type").get_attribute("title")): row.locator(".cell-key a").get_attribute("href")
        for row in person.page.locator("table.issues tbody tr").all()
    }
    assert {"CMMC Assessment", "CMMC Remediation", "CMMC Status"} <= first.keys()
    return [str(address) for address in (form, *first.values())]


def opens_an_assessment(person: Person) -> Opened:
    """Create the assessment issue, attach the findings, and see what is made of them."""
    person.follow(person.link("CMMC"))
    person.become("Dana Whitfield")
    assessment = person.create(
        "CMMC Assessment",
        {
            "Summary": "Alder Point Tooling: Level 2 self-assessment",
            "CMMC Level": "2",
            "Assessment Path": "Self",
            "Unlisted Requirements": "MET",
            "Compliance Lead": "Marcus Oyelaran",
            "Affirming Official": "Leila Hakimi",
        },
    )
    person.attach("findings.csv", FINDINGS)
    linked = person.page.locator(".near")
    person.waits_for(linked.filter(has_text=REQUIREMENTS[-1]))
    expect(linked.filter(has_text=re.compile(r"\[.+\]"))).to_have_text([re.compile(one) for one in REQUIREMENTS])
    person.follow(linked.filter(has_text="CMMC status: Alder Point Tooling").get_by_role("link"))
    person.waits_for(headline(person, "Would be Conditional Level 2 (Self) if posted as it stands, score 105 of 110."))
    return Opened(assessment, person.key)


def enters_the_status_date(person: Person, opened: Opened) -> None:
    """Enter that the results were posted today."""
    person.open(f"/browse/{opened.assessment}")
    person.set("CMMC Status Date", person.today.isoformat())
    person.open(f"/browse/{opened.status}")
    person.waits_for(headline(person, "Conditional Level 2 (Self), score 105 of 110."))


def reads_the_clock(person: Person, opened: Opened) -> None:
    """See the days, the picture and its table on the status issue."""
    deadline = person.today + timedelta(days=180)
    section = description(person)
    person.waits_for(section.get_by_role("heading", name="The closeout clock"))
    expect(section).to_contain_text("day 0 of 180, 180 days left")
    last_day = section.get_by_role("row").filter(has_text="Last day to post the closeout").first
    expect(last_day).to_contain_text(deadline.isoformat())
    picture = section.locator("img")
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    table = section.locator("table").filter(has_text="Open by the plan")
    expect(table.get_by_role("row").last).to_contain_text(deadline.isoformat())
    assert person.key == opened.status


def hears_of_a_due_date(person: Person, opened: Opened) -> None:
    """Set a due date on an item, and go on until its owner is told that it comes."""
    person.open(f"/browse/{opened.assessment}")
    person.follow(person.page.locator(".near").filter(has_text=OWNED_BY_PRIYA).get_by_role("link"))
    item = person.key
    expect(person.field("Assignee")).to_contain_text("Priya Raman")
    person.set("Due date", (person.today + ITEM_DUE_IN).isoformat())
    before = person.today
    person.press("Next day")
    assert person.today == before + timedelta(days=1)
    for _ in range(TRIPS_AT_MOST):
        person.lets_time_pass_to_notice()
        if notices(person).count():
            break
    said = notices(person).last
    expect(said).to_contain_text("item/due-14")
    expect(said.locator(".mention")).to_have_text(["@Priya Raman"])
    assert person.key == item, "who moves the clock stays where they are"


def hears_of_the_deadline(person: Person, opened: Opened) -> None:
    """Go to day 120, and find the affirming official warned on the status issue, and the manager on the item."""
    item, before = person.key, person.today
    person.press("Next week")
    assert person.today == before + timedelta(days=7)
    person.page.get_by_label("Day", exact=True).fill("120")
    since = person.page.get_by_label("counted from")
    since.select_option(value=str(since.locator("option", has_text=opened.assessment).get_attribute("value")))
    person.press("Go")
    person.open(f"/browse/{opened.status}")
    warning = notices(person).filter(has_text="closeout/day-120")
    person.waits_for(warning)
    expect(warning.locator(".mention")).to_have_text(["@Leila Hakimi", "@Marcus Oyelaran"])
    expect(person.field("Priority")).to_contain_text("High")
    expect(description(person)).to_contain_text("day 120 of 180, 60 days left")
    person.open(f"/browse/{item}")
    overdue = notices(person).filter(has_text="item/overdue-weekly")
    person.waits_for(overdue)
    expect(overdue.locator(".mention")).to_have_text(["@Dana Whitfield", "@Priya Raman"])


def description(person: Person) -> Locator:
    """Return the description of the issue that is open."""
    return person.page.locator(".description .rich")


def headline(person: Person, begins: str) -> Locator:
    """Return the first lines of the status issue that is open, if they begin so."""
    return person.page.locator(".description .rich > p:first-child").filter(
        has_text=re.compile(f"^{re.escape(begins)}")
    )


def notices(person: Person) -> Locator:
    """Return the service's comments on the issue that is open."""
    return person.page.locator(".comments > li").filter(has_text="Automation Service")
