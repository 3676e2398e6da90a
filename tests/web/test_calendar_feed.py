"""The calendar feed: behind a secret address, read-only, and asking Jira rarely."""

import logging
from pathlib import Path

import pytest
from icalendar import Calendar

from support.served import Served
from support.site import Site

pytestmark = pytest.mark.usefixtures("flavour")

TOKEN = "t" * 40
WRONG = "w" * 40


@pytest.fixture
def site() -> Site:
    site = Site()
    assessment = site.assessment(CMMC_Status_Date="2026-05-20")
    site.attach(assessment, "AC.L2-3.1.3")
    site.look()
    return site


def served(tmp_path: Path, site: Site, *, token: str | None = TOKEN) -> Served:
    return Served(tmp_path, state=site.state, calendar_token=token)


def test_who_knows_the_address_gets_the_days_by_key_or_by_id(tmp_path: Path, site: Site) -> None:
    web = served(tmp_path, site).web
    for name in ("CMMC-1", "10000"):
        answer = web.get(f"/calendar/{TOKEN}/{name}.ics")
        assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
        uids = [str(event["UID"]) for event in Calendar.from_ical(answer.data).walk("VEVENT")]
        assert "10000/deadline@cmmc-jira" in uids


@pytest.mark.parametrize(
    "path",
    [
        f"/calendar/{WRONG}/CMMC-1.ics", f"/calendar/{TOKEN}/CMMC-99.ics", f"/calendar/{TOKEN}/CMMC-2.ics",
        f"/calendar/{TOKEN}/{'x' * 301}.ics", f"/calendar/{TOKEN}/CMMC-1.txt", "/calendar//CMMC-1.ics",
    ],
)  # fmt: skip
def test_whatever_is_wrong_the_answer_is_the_same(tmp_path: Path, site: Site, path: str) -> None:
    answer = served(tmp_path, site).web.get(path)
    assert (answer.status_code, answer.get_json()) == (404, {"error": "Not Found."})


def test_an_assessment_of_another_project_is_none(tmp_path: Path, site: Site) -> None:
    web = Served(tmp_path, state=site.state, project="OTHER", calendar_token=TOKEN).web
    assert web.get(f"/calendar/{TOKEN}/10000.ics").status_code == 404
    assert web.get(f"/calendar/{TOKEN}/CMMC-1.ics").status_code == 404


def test_the_answer_is_kept_by_nobody_on_its_way_and_can_be_asked_for_without_its_body(
    tmp_path: Path, site: Site
) -> None:
    web = served(tmp_path, site).web
    whole, head = web.get(f"/calendar/{TOKEN}/CMMC-1.ics"), web.head(f"/calendar/{TOKEN}/CMMC-1.ics")
    assert (head.status_code, head.data, head.content_type) == (200, b"", whole.content_type)
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["Referrer-Policy"] == "no-referrer"


def test_without_the_setting_there_is_no_feed(tmp_path: Path, site: Site) -> None:
    assert served(tmp_path, site, token=None).web.get(f"/calendar/{TOKEN}/CMMC-1.ics").status_code == 404


def test_asking_often_asks_jira_once_in_fifteen_minutes(tmp_path: Path, site: Site) -> None:
    web = served(tmp_path, site).web
    web.get(f"/calendar/{TOKEN}/CMMC-1.ics")
    before = len(site.state.requests)
    for _ in range(20):
        assert web.get(f"/calendar/{TOKEN}/CMMC-1.ics").status_code == 200
    assert len(site.state.requests) == before
    for _ in range(3):
        web.get(f"/calendar/{WRONG}/CMMC-1.ics")
    assert len(site.state.requests) == before


def test_it_can_only_be_read(tmp_path: Path, site: Site) -> None:
    web = served(tmp_path, site).web
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert web.open(f"/calendar/{TOKEN}/CMMC-1.ics", method=method).status_code == 405
    before = [row["method"] for row in site.state.requests]
    web.get(f"/calendar/{TOKEN}/CMMC-1.ics")
    new = list(site.state.requests)[len(before) :]
    assert {row["method"] for row in new} <= {"GET", "POST"}
    assert not [row for row in new if row["method"] == "POST" and "bulkfetch" not in row["path"]]


def test_when_jira_is_away_the_program_is_asked_to_come_back(tmp_path: Path, site: Site) -> None:
    web = served(tmp_path, site).web
    site.faults(rate_limit={"every": 1, "retry_after": 30})
    answer = web.get(f"/calendar/{TOKEN}/CMMC-1.ics")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_the_token_is_in_no_log_and_no_metric(tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    instance = served(tmp_path, site)
    instance.web.get(f"/calendar/{TOKEN}/CMMC-1.ics")
    instance.web.get(f"/calendar/{TOKEN}/CMMC-99.ics")
    assert TOKEN not in caplog.text
    assert TOKEN not in instance.web.get("/metrics").get_data(as_text=True)
    assert TOKEN not in repr(instance.service.settings)
