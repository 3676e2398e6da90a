"""What the clock writes, with Jira failing at every call: it is all there in the end, once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cmmc_jira.core.changes import Attach, Discard
from jira_sandbox import seed
from support.policies import shipped
from support.site import Site, points

pytestmark = pytest.mark.usefixtures("flavour")

FLOW, SESSIONS = "AC.L2-3.1.3", "AC.L2-3.1.11"
DANA, PRIYA = seed.PEOPLE[0][0], seed.PEOPLE[1][0]
POSTED = datetime(2026, 3, 27, 15, tzinfo=UTC)


def posted() -> Site:
    """Return a site whose next look creates issues, and speaks of and draws the clock that began yesterday."""
    site = Site(policy=shipped())
    assessment = site.assessment(CMMC_Status_Date="2026-03-26", Compliance_Lead=site.user_id(DANA))
    site.attach(assessment, FLOW, SESSIONS)
    site.clock.instant = POSTED
    return site


def finished() -> Site:
    """Return a site whose next look replaces the picture, because an item is ready."""
    site = posted()
    site.look()
    site.person.transition(site.remediation()[FLOW]["id"], "done")
    return site


def overdue() -> Site:
    """Return a site whose next look speaks of an item, marks it, and speaks of the assessment; both slept."""
    site = posted()
    site.look()
    site.clock.move(days=61)
    return site


def pictures(site: Site) -> list[str]:
    """Return the names of the pictures on the status issue."""
    return [row["filename"] for row in site.of_type("CMMC Status")["status"]["fields"]["attachment"]]


def changelogs(site: Site) -> int:
    """Return how often an item's changelog was asked for; a new process asks for the status issue's once."""
    status = site.of_type("CMMC Status")["status"]["id"]
    asked = [row["path"] + row["query"] for row in site.state.requests]
    return sum("changelog" in each and f"/issue/{status}" not in each for each in asked)


def held(site: Site) -> dict[str, object]:
    """Return what Jira holds of the clock, without what differs from run to run."""
    issues = {**site.remediation(), **site.of_type("CMMC Status")}
    return {
        subject: (
            raw["fields"]["description"].partition("h3. What changed")[0],
            raw["fields"]["duedate"],
            raw["fields"]["priority"]["name"],
            sorted(raw["fields"]["labels"]),
            sorted(comment["body"] for comment in raw["fields"]["comment"]["comments"]),
            [row["filename"] for row in raw["fields"]["attachment"]],
        )
        for subject, raw in issues.items()
    }


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("story", [posted, finished, overdue])
def test_a_call_that_fails_at_any_point_leaves_each_notice_and_one_picture(
    story: Callable[[], Site], when: str, flavour: str
) -> None:
    site = story()
    begin_again, seen = site.moment(), len(site.state.requests)
    site.look()
    calls, wanted = len(site.state.requests) - seen, held(site)
    assert len(pictures(site)) == 1
    for failing in points(calls, when, flavour):
        begin_again()
        site.faults(call=failing, when=when, status="cut" if failing % 2 else 503)
        site.until_quiet()
        assert held(site) == wanted, failing


def test_a_rung_that_marks_an_issue_leaves_the_labels_of_people_alone() -> None:
    site = overdue()
    item = site.remediation()[FLOW]["id"]
    site.person.edit(item, fields={}, update={"labels": [{"add": "ours"}]})
    site.look()
    fields = site.remediation()[FLOW]["fields"]
    assert {"ours", "cmmc-overdue", "cmmc"} <= set(fields["labels"])
    assert fields["priority"]["name"] == "High"
    site.person.edit(item, fields={}, update={"labels": [{"remove": "cmmc-overdue"}]})
    assert site.look()[0].plan.changes == ()
    assert "cmmc-overdue" not in site.remediation()[FLOW]["fields"]["labels"]


def test_the_picture_is_a_png_and_what_shows_the_same_is_not_drawn_again() -> None:
    site = posted()
    site.look()
    (row,) = site.of_type("CMMC Status")["status"]["fields"]["attachment"]
    assert row["mimeType"] == "image/png"
    assert site.state.blobs[row["id"]].startswith(b"\x89PNG\r\n")
    assert f"!{row['filename']}|width=760" in site.status_text()
    site.clock.move(days=1)
    assert not site.look()[0].plan.of(Attach)


def test_a_picture_that_somebody_took_away_is_put_back_and_a_second_one_of_ours_is_deleted() -> None:
    site = posted()
    site.look()
    status = site.of_type("CMMC Status")["status"]
    (first,) = status["fields"]["attachment"]
    site.person.discard(first["id"])
    site.look()
    assert pictures(site) == [first["filename"]]
    site.person.attach(status["id"], first["filename"], b"again", "image/png")
    site.look()
    assert pictures(site) == [first["filename"]]


def test_what_others_attached_is_never_deleted_and_a_picture_of_theirs_is_not_doubled() -> None:
    site = finished()
    status = site.of_type("CMMC Status")["status"]["id"]
    their = site.client(PRIYA)
    their.attach(status, "closeout-burndown-00000000.png", b"theirs", "image/png")
    their.attach(status, "photo.png", b"theirs", "image/png")
    site.until_quiet()
    assert {"closeout-burndown-00000000.png", "photo.png"} < set(pictures(site))
    assert len(pictures(site)) == 3


@pytest.mark.parametrize("right", ["CREATE_ATTACHMENTS", "DELETE_OWN_ATTACHMENTS"])
def test_without_the_right_to_its_picture_everything_else_is_still_done_and_the_right_is_named(right: str) -> None:
    site = finished()
    site.take_right(right, "DELETE_ALL_ATTACHMENTS")
    decided, refused = site.look()
    assert decided.plan.of(Attach)
    assert decided.plan.of(Discard)
    assert [sentence.partition(": ")[0] for sentence in refused] == [site.of_type("CMMC Status")["status"]["key"]]
    assert right.replace("_", " ").capitalize() in refused[0]
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()


def test_a_due_date_that_was_moved_later_is_looked_up_once_and_shown_with_who_and_when() -> None:
    site = posted()
    site.look()
    item = site.remediation()[FLOW]
    site.client(PRIYA).edit(item["id"], fields={"duedate": "2026-08-20"})
    moved = site.state.clock.now()
    site.clock.instant = moved
    before = changelogs(site)
    site.look()
    assert changelogs(site) == before + 1
    slip = site.remediation()[FLOW]["properties"]["cmmc-jira"]["keep"]["slips"][-1]
    assert slip == [item["fields"]["duedate"], "2026-08-20", site.user_id(PRIYA), site.clock.today().isoformat()]
    site.look()
    assert changelogs(site) == before + 1


def test_a_due_date_that_was_moved_earlier_is_nobodys_slip_and_nothing_is_looked_up() -> None:
    site = posted()
    site.look()
    site.client(PRIYA).edit(site.remediation()[FLOW]["id"], fields={"duedate": "2026-03-30"})
    before = changelogs(site)
    site.look()
    assert changelogs(site) == before
    assert "slips" not in site.remediation()[FLOW]["properties"]["cmmc-jira"].get("keep", {})
